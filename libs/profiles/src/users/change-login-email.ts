import { identity, profiles } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';
import { invalidProfile } from './check-patch.js';

/**
 * Identity leads: the address of somebody who logs in by it is unique, and changes there before it changes here.
 * @param change contactOnly: by somebody who may not say how a user logs in
 * @returns whether it is a login's, and which email the login had before; an older identity does not say
 * @throws Failure `email-taken`, `invalid-profile`, `email-change-forbidden`
 */
export async function changeLoginEmail(rpc: RpcClient, change: RequestOf<typeof identity.changeLoginEmail>, context: CallContext): Promise<{ applied: boolean; before?: string | null | undefined }> {
  const { refused, ...answer } = await rpc.call(identity.changeLoginEmail, change, context).catch(inTheseWords);
  if (refused === true) throw profiles.profilesErrors.failure('email-change-forbidden', 'Giving an email to a user who logs in takes full credentials.');
  return answer;
}

/** @throws Failure as `changeLoginEmail` would, and nothing has changed */
export async function checkLoginEmail(rpc: RpcClient, change: RequestOf<typeof identity.checkLoginEmail>, context: CallContext): Promise<void> {
  await rpc.call(identity.checkLoginEmail, change, context).catch(inTheseWords);
}

function inTheseWords(error: unknown): never {
  if (isFailure(error, 'email-taken')) throw profiles.profilesErrors.failure('email-taken', 'Another user of the project logs in by this email.', { cause: error });
  if (isFailure(error, 'email-missing')) throw invalidProfile([{ path: 'email', message: 'can\'t be removed, because the user logs in by it' }]);
  throw error;
}

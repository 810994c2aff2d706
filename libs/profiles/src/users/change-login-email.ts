import { identity, membership, profiles, type Actor, type ProjectPermission } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';
import { invalidProfile } from './check-patch.js';

/** Who writes, and what they may do in the project; not told where that was looked at before. */
export interface LoginWriter {
  actor: Actor;
  permissions?: readonly ProjectPermission[] | undefined;
}

/**
 * Identity leads: the address of somebody who logs in by it is unique, and changes there before it changes here.
 * @param change contactOnly: by somebody who may not say how a user logs in
 * @returns whether it is a login's, and which email the login had before; an older identity does not say
 * @throws Failure `email-taken`, `invalid-profile`, `email-change-forbidden`, `login-outranks`
 */
export async function changeLoginEmail(rpc: RpcClient, change: RequestOf<typeof identity.changeLoginEmail>, context: CallContext, writer?: LoginWriter): Promise<{ applied: boolean; before?: string | null | undefined }> {
  await mayChangeLogin(rpc, change, writer, context);
  const { refused, ...answer } = await rpc.call(identity.changeLoginEmail, change, context).catch(inTheseWords);
  if (refused === true) throw profiles.profilesErrors.failure('email-change-forbidden', 'Giving an email to a user who logs in takes full credentials.');
  return answer;
}

/** @throws Failure as `changeLoginEmail` would, and nothing has changed */
export async function checkLoginEmail(rpc: RpcClient, change: RequestOf<typeof identity.checkLoginEmail>, context: CallContext, writer?: LoginWriter): Promise<void> {
  await mayChangeLogin(rpc, change, writer, context);
  await rpc.call(identity.checkLoginEmail, change, context).catch(inTheseWords);
}

/**
 * Whoever gives a login an address has its password mailed there, and is that user the next moment: it takes as much as the user may do.
 * @throws Failure `login-outranks`
 */
export async function mayChangeLogin(rpc: RpcClient, { realmId, userId }: { realmId: string; userId: string }, writer: LoginWriter | undefined, context: CallContext): Promise<void> {
  if (writer?.permissions === undefined) return;
  const grantor = { actor: writer.actor, permissions: [...writer.permissions] };
  await rpc.call(membership.checkRank, { projectId: realmId, userId, grantor }, context).catch((error: unknown) => {
    if (!isFailure(error, 'permission-not-held')) throw error;
    throw profiles.profilesErrors.failure('login-outranks', 'The user may do more in the project than this client: the email they log in by is not its to change.', { cause: error });
  });
}

function inTheseWords(error: unknown): never {
  if (isFailure(error, 'email-taken')) throw profiles.profilesErrors.failure('email-taken', 'Another user of the project logs in by this email.', { cause: error });
  if (isFailure(error, 'email-missing')) throw invalidProfile([{ path: 'email', message: 'can\'t be removed, because the user logs in by it' }]);
  throw error;
}

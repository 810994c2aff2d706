import { identity, profiles } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';
import { invalidProfile } from './check-patch.js';

/**
 * Identity leads: the address of somebody who logs in by it is unique, and changes there before it changes here.
 * @throws Failure `email-taken`, `invalid-profile`
 */
export async function changeLoginEmail(rpc: RpcClient, change: RequestOf<typeof identity.changeLoginEmail>, context: CallContext): Promise<void> {
  try {
    await rpc.call(identity.changeLoginEmail, change, context);
  } catch (error) {
    if (isFailure(error, 'email-taken')) throw profiles.profilesErrors.failure('email-taken', 'Another user of the project logs in by this email.', { cause: error });
    if (isFailure(error, 'email-missing')) throw invalidProfile([{ path: 'email', message: 'can\'t be removed, because the user logs in by it' }]);
    throw error;
  }
}

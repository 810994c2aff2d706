import { membership, staffRealmId, type Actor } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';

/**
 * Whether a password has to be changed at the next login: one that somebody else than the user sets, where the project says so. It is
 * asked each time, because it is seldom, and who has just changed the setting means the next password.
 */
export async function mustBeChanged(rpc: RpcClient, { realmId, userId, actor }: { realmId: string; userId: string; actor: Actor }, context: CallContext): Promise<boolean> {
  const isOwn = actor.type === 'user' && actor.id === userId;
  if (isOwn || actor.type === 'system' || realmId === staffRealmId) return false;
  try {
    const { settings } = await rpc.call(membership.findProject, { project: realmId }, context);
    return settings.force_password_change === true;
  } catch (error) {
    if (isFailure(error, 'project-not-found')) return false;
    throw error;
  }
}

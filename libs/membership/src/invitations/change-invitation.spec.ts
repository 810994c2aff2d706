import { beforeAll, describe, expect, it } from '@jest/globals';
import { auditSources, membership } from '#libs/contracts';
import { actor, address, InvitationWorld, refusal } from '../spec-support/invitation-world.js';

let world: InvitationWorld;
beforeAll(async () => {
  world = await InvitationWorld.start();
});

/** Somebody who was invited, and whose invitation was mailed once. */
async function invited() {
  const { scope } = await world.ofOrganisation();
  const { user: { userId }, invitation: { invitationId } } = await world.invite(address(), scope, 'member');
  return { userId, invitationId };
}

describe('an invitation that is sent again under an idempotency key', () => {
  it('is renewed and mailed once, however often the request is repeated, and each time answered as it is now', async () => {
    const { userId, invitationId } = await invited();
    const first = await world.resendOnce(invitationId, 'again');
    const { token } = await world.newestMail(userId);
    expect(await world.resendOnce(invitationId, 'again')).toEqual(first);
    expect(await world.mailsOf(userId)).toHaveLength(2);
    const { entries } = await world.app.call(auditSources.membership.pending, { limit: 1_000 });
    expect(entries.filter(({ action, target }) => action === 'invitation.renewed' && target.id === userId)).toHaveLength(1);
    // The link of the one mail is the one that counts.
    await world.accept(token);
    expect(await world.resendOnce(invitationId, 'again')).toMatchObject({ invitationId, status: 'accepted' });
    expect(await world.mailsOf(userId)).toHaveLength(2);
  });

  it('is not sent for another request under the key', async () => {
    const { userId, invitationId } = await invited();
    await world.resendOnce(invitationId, 'other');
    expect(await refusal(world.resendOnce(invitationId, 'other', 'another request'))).toBe('idempotency-key-reused');
    expect(await world.mailsOf(userId)).toHaveLength(2);
  });

  it('is renewed once when twenty ask at the same time, who hear of that one or of a twin', async () => {
    const { userId, invitationId } = await invited();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => refusal(world.resendOnce(invitationId, 'twenty'))));
    expect(outcomes).toContain('ok');
    expect(outcomes.filter((outcome) => outcome !== 'ok' && outcome !== 'idempotency-key-in-use')).toEqual([]);
    expect(await world.mailsOf(userId)).toHaveLength(2);
  });

  it('gives the key back when it is refused', async () => {
    const { invitationId } = await invited();
    await world.app.call(membership.cancelInvitation, { invitationId, actor });
    expect(await refusal(world.resendOnce(invitationId, 'refused'))).toBe('invitation-closed');
    expect(await refusal(world.resendOnce((await invited()).invitationId, 'refused', 'another request'))).toBe('ok');
  });
});

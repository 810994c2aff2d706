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

describe('inviting somebody again and again', () => {
  const often = 10;

  /** Invites them anew until it is refused. @returns how often it was not */
  async function inviteUntilRefused(email: string, scope: membership.Scope): Promise<number> {
    for (let times = 0; times < 2 * often; times += 1) {
      const outcome = await refusal(world.invite(email, scope, 'member'));
      if (outcome === 'ok') continue;
      expect(outcome).toBe('invited-too-often');
      return times;
    }
    throw new Error('it was never refused');
  }

  it('is refused an organisation after ten more mails in an hour, however it goes about it, and nobody else', async () => {
    const [email, { scope }, { scope: other }] = [address(), await world.ofOrganisation(), await world.ofOrganisation()];
    const { user: { userId }, invitation: { invitationId } } = await world.invite(email, scope, 'member');
    expect(await inviteUntilRefused(email, scope)).toBe(often);
    expect(await world.mailsOf(userId)).toHaveLength(1 + often);
    expect(await refusal(world.resendOnce(invitationId, 'too often'))).toBe('invited-too-often');
    await world.app.call(membership.cancelInvitation, { invitationId, actor });
    expect(await refusal(world.invite(email, scope, 'member'))).toBe('invited-too-often');
    expect(await refusal(world.invite(address(), scope, 'member'))).toBe('ok');
    expect(await refusal(world.invite(email, other, 'member'))).toBe('ok');
  });

  it('holds up none of those who are invited beside them', async () => {
    const [email, { scope }] = [address(), await world.ofOrganisation()];
    await world.invite(email, scope, 'member');
    await inviteUntilRefused(email, scope);
    const known = address();
    await world.invite(known, scope, 'member');
    const beside = [known, email, address(), address()].map((one) => refusal(world.invite(one, scope, 'member')));
    expect(await Promise.all(beside)).toEqual(['ok', 'invited-too-often', 'ok', 'ok']);
  });

  it('goes on an hour later', async () => {
    const [email, { scope }] = [address(), await world.ofOrganisation()];
    const { user: { userId } } = await world.invite(email, scope, 'member');
    await inviteUntilRefused(email, scope);
    await world.app.database.execute(`UPDATE members SET invitation_mails = jsonb_build_object($2::text, jsonb_build_object('sent', 11, 'until', now() - interval '1 second'), 'x', jsonb_build_object('sent', 1, 'until', now())) WHERE user_id = $1`, [userId, scope.organisationId]);
    expect(await refusal(world.invite(email, scope, 'member'))).toBe('ok');
    const [row] = await world.app.database.query<{ mails: Record<string, { sent: number }> }>('SELECT invitation_mails AS mails FROM members WHERE user_id = $1', [userId]);
    expect(row?.mails).toEqual({ [scope.organisationId]: { sent: 1, until: expect.any(String) } });
  });
});

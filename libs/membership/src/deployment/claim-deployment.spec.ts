import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, staffRealmId, systemActor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';

describe('claiming the deployment', () => {
  it('makes one super_admin of twenty who try at once, and is harmless to repeat', async () => {
    const app = await MembershipApp.start();
    const users = Array.from({ length: 20 }, () => uuidv7());
    const claim = (userId: string) => app.outcome(membership.claimDeployment, { userId, actor: systemActor });
    expect(await app.call(membership.describeDeployment, {})).toEqual({ claimed: false });

    const outcomes = await Promise.all(users.map(claim));
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'deployment-claimed')).toHaveLength(19);
    expect(await app.call(membership.describeDeployment, {})).toEqual({ claimed: true });

    const winner = users[outcomes.indexOf('ok')]!;
    expect(await claim(winner)).toBe('ok');
    expect(await app.events('membership.roles.changed')).toEqual([{ userId: winner, version: 1 }]);
    expect((await app.call(membership.getStaffRoles, { userId: winner })).globalRole).toBe('super_admin');
  });

  it('is open again when the only super_admin was erased, and not to an erased user', async () => {
    const app = await MembershipApp.start();
    const [first, second] = [uuidv7(), uuidv7()];
    await app.call(membership.claimDeployment, { userId: first, actor: systemActor });
    await app.call(membership.hideMembers, { realmId: staffRealmId, userIds: [first] });
    expect(await app.call(membership.describeDeployment, {})).toEqual({ claimed: false });
    expect(await app.outcome(membership.claimDeployment, { userId: first, actor: systemActor })).toBe('user-not-found');
    expect(await app.outcome(membership.claimDeployment, { userId: second, actor: systemActor })).toBe('ok');
  });
});

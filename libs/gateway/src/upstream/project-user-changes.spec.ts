import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { identity, membership, profiles, systemActor } from '#libs/contracts';
import { isFailure, platformErrors, type Failure } from '#libs/platform/errors';
import type { AnyMessage } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';
import { ProjectUserChanges } from './project-user-changes.js';

describe('a change of a user that three services own a part of', () => {
  /** What was asked for, in order; of messages that only ask whether something may be, the name has a question mark. */
  let asked: string[];
  /** What answers with a failure. */
  let failing: Map<string, Failure>;
  let changes: ProjectUserChanges;
  const user = { realmId: randomUUID(), userId: randomUUID(), userName: 'ada', email: 'ada@example.com', roles: ['viewer'], isActive: true } as unknown as profiles.Profile;
  const wanted = { userName: 'countess', roles: ['editor'], isActive: false, patch: { email: 'countess@example.com', firstName: 'Ada' } };

  beforeEach(() => {
    asked = [];
    failing = new Map();
    const call = async (message: AnyMessage, request: { checkOnly?: boolean }) => {
      const name = request.checkOnly === true ? `${message.subject}?` : message.subject;
      asked.push(name);
      const failure = failing.get(name);
      if (failure !== undefined) throw failure;
      return user;
    };
    changes = new ProjectUserChanges({ call } as unknown as RpcClient);
  });

  const apply = () => changes.apply(user, wanted, { actor: systemActor, permissions: [] }, { requestId: 'r' });
  const failure = async (): Promise<Failure> => {
    const error: unknown = await apply().catch((reason: unknown) => reason);
    if (!isFailure(error)) throw new Error('it should have failed');
    return error;
  };
  const writes = [identity.changeLoginNames.subject, profiles.upsertUser.subject, membership.setProjectRoles.subject, identity.setUserStatus.subject];
  const away = platformErrors.failure('service-unavailable', 'Away.', { retryAfter: 1 });

  it('asks everybody before anything is written, and writes names first', async () => {
    await apply();
    const questions = [membership.checkRank.subject, membership.checkProjectRoles.subject, `${profiles.upsertUser.subject}?`];
    expect(asked).toEqual([...questions, ...writes, profiles.getUser.subject]);
  });

  it.each([membership.checkRank.subject, membership.checkProjectRoles.subject, `${profiles.upsertUser.subject}?`])('that %s refuses is not begun', async (subject) => {
    failing.set(subject, away);
    expect((await failure()).value).toEqual(away.value);
    expect(asked.filter((name) => writes.includes(name))).toEqual([]);
  });

  it('whose names are taken changes nothing else, and the failure is the one of the names', async () => {
    const taken = identity.identityErrors.failure('user-name-taken', 'Taken.');
    failing.set(identity.changeLoginNames.subject, taken);
    expect((await failure()).value).toEqual(taken.value);
    expect(asked.filter((name) => writes.includes(name))).toEqual([identity.changeLoginNames.subject]);
  });

  it.each([`${profiles.upsertUser.subject}?`, profiles.upsertUser.subject])('of somebody who is erased meanwhile, as %s hears, is one of nobody', async (subject) => {
    failing.set(subject, profiles.profilesErrors.failure('user-erased', 'This user was erased.'));
    expect((await failure()).value).toMatchObject({ kind: 'not-found', code: 'user-not-found', message: 'There is no such user.' });
  });

  it('that breaks off in the middle says what is changed and what is not, and goes on when it is sent again', async () => {
    failing.set(membership.setProjectRoles.subject, away);
    expect((await failure()).value).toEqual({
      ...away.value,
      message: 'Away. A part is changed already: what the user logs in with, the profile. Not changed, as far as is known: the roles, the status. Send the request again: what is changed stays as it is.',
    });
    failing.clear();
    asked = [];
    await apply();
    expect(asked.filter((name) => writes.includes(name))).toEqual(writes);
  });
});

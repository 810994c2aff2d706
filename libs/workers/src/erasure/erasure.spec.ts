import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { eraseUsersJob, operations } from '#libs/contracts';
import { JobQueue } from '#libs/platform/queue';
import { eventually, pause } from '#libs/platform/testing';
import { WorkersApp } from '../spec-support/workers-app.js';

describe('an erasure', () => {
  let app: WorkersApp;
  let realmId: string;
  let erasureId: string;
  beforeAll(async () => {
    app = await WorkersApp.start();
  });
  beforeEach(() => {
    realmId = uuidv7();
    erasureId = uuidv7();
    app.services.eventsFlow = true;
    for (const flags of [app.services.away, app.services.mute, app.services.forgetful]) flags.clear();
    app.services.calls.length = 0;
  });

  const failure = (code: string) => expect.objectContaining({ value: expect.objectContaining({ code }) });
  const partStates = async () => Object.fromEntries((await app.call(operations.getErasure, { realmId, jobId: erasureId })).services.map(({ service, state }) => [service, state]));
  const rows = (erasure: string) => app.query('SELECT FROM erasures WHERE erasure_id = $1', [erasure]);

  it('hides the users in every service before it answers, and answers who is scheduled, in order', async () => {
    const { userIds, addresses } = app.users(2);
    const answer = await app.request(realmId, erasureId, [addresses[0]!, { uid: 'nobody' }, addresses[1]!, addresses[0]!]);
    expect(answer).toEqual({ scheduled: [true, false, true, true], jobId: erasureId });
    for (const userId of userIds) expect([...app.services.user(userId).hiddenIn].sort()).toEqual(['identity', 'membership', 'profiles']);
  });

  it('ends with nothing left anywhere and a receipt of counts', async () => {
    const { userIds, addresses } = app.users(3);
    await app.request(realmId, erasureId, addresses);
    const receipt = await app.done(realmId, erasureId);
    expect(receipt).toEqual({
      format: 'rollcall-receipt/1',
      kind: 'erasure',
      sequence: expect.any(Number),
      previous: receipt.previous,
      kid: expect.any(String),
      hash: expect.any(String),
      signature: expect.any(String),
      erasure_id: erasureId,
      project_id: realmId,
      requested_by: { type: 'credential', id: 'somebody' },
      requested_at: expect.stringMatching(/^\d{4}-.*Z$/),
      finished_at: expect.stringMatching(/^\d{4}-.*Z$/),
      users: 3,
      user_hashes: [...receipt.user_hashes].sort(),
      left: { bytes_until: expect.stringMatching(/^\d{4}-.*Z$/), backups_until: null },
      services: {
        profiles: { erased: { users: 3 }, remains: { users: 0 } },
        identity: { erased: { logins: 3 }, remains: { logins: 0 } },
        membership: { erased: { members: 3 }, remains: { members: 0 } },
        operations: { erased: { mails: 0, mail_files: 0, audit_log: 0 }, remains: { mails: 0, mail_files: 0, audit_log: 0 } },
      },
    });
    expect(new Set(receipt.user_hashes).size).toBe(3);
    for (const userId of userIds) expect(JSON.stringify(receipt)).not.toContain(userId);
    expect(app.heldBy(userIds)).toEqual([]);
  });

  it('keeps nothing of the users but ids, and logs nothing but ids', async () => {
    const { addresses } = app.users();
    await app.request(realmId, erasureId, addresses);
    await app.done(realmId, erasureId);
    const tables = await app.query<{ schema: string; name: string }>(`SELECT table_schema AS schema, table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`);
    for (const { schema, name } of tables) {
      const [found] = await app.query<{ text: string }>(`SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM "${schema}"."${name}" t`);
      expect(found!.text).not.toContain(addresses[0]!.uid);
    }
    expect(app.log.text).not.toContain(addresses[0]!.uid);
  });

  it('schedules nothing when nobody is found', async () => {
    expect(await app.request(realmId, erasureId, [{ uid: 'nobody' }])).toEqual({ scheduled: [false], jobId: null });
    await expect(app.stateOf(realmId, erasureId)).rejects.toEqual(failure('job-not-found'));
  });

  it('is unknown in another realm', async () => {
    await app.request(realmId, erasureId, app.users().addresses);
    await expect(app.stateOf(uuidv7(), erasureId)).rejects.toEqual(failure('job-not-found'));
    await expect(app.stateOf(realmId, uuidv7())).rejects.toEqual(failure('job-not-found'));
  });

  it('answers the same when it is asked for again, and is carried out once', async () => {
    const { addresses } = app.users(2);
    const answers = await Promise.all([1, 2, 3].map(() => app.request(realmId, erasureId, addresses)));
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ scheduled: [true, true], jobId: erasureId })));
    expect((await app.done(realmId, erasureId)).services['profiles']!.erased).toEqual({ users: 2 });
    expect(await rows(erasureId)).toHaveLength(1);
  });

  describe('of which a service is out of reach', () => {
    it.each(['identity', 'membership'] as const)('(%s) while users are hidden is finished once it is back, whoever asks again and however', async (service) => {
      const { userIds, addresses } = app.users(2);
      app.services.away.add(service);
      await expect(app.request(realmId, erasureId, addresses)).rejects.toEqual(failure('service-unavailable'));
      expect(await rows(erasureId)).toEqual([]);

      // A new HTTP request: another erasure, for users who are hidden already.
      const second = uuidv7();
      expect(await app.request(realmId, second, addresses)).toEqual({ scheduled: [false, false], jobId: null });
      app.services.away.clear();
      expect((await app.done(realmId, erasureId)).users).toBe(2);
      expect(app.heldBy(userIds)).toEqual([]);
      for (const userId of userIds) expect([...app.services.user(userId).hiddenIn].sort()).toEqual(['identity', 'membership', 'profiles']);
      expect(await rows(second)).toEqual([]);
    });

    it('answers as usual when the same request is repeated before the event is', async () => {
      const { addresses } = app.users();
      app.services.eventsFlow = false;
      app.services.away.add('identity');
      await expect(app.request(realmId, erasureId, addresses)).rejects.toEqual(failure('service-unavailable'));
      app.services.away.clear();
      expect(await app.request(realmId, erasureId, addresses)).toEqual({ scheduled: [true], jobId: erasureId });
      await app.done(realmId, erasureId);
    });

    it('(profiles) from the start changes nothing', async () => {
      const { userIds, addresses } = app.users();
      app.services.away.add('profiles');
      await expect(app.request(realmId, erasureId, addresses)).rejects.toEqual(failure('service-unavailable'));
      expect(app.services.user(userIds[0]!).hiddenIn.size).toBe(0);
      expect(app.services.calls).toEqual(['profiles.hide']);
    });

    it('(profiles) after it has hidden them, before its answer came, is finished by its event', async () => {
      const { userIds, addresses } = app.users();
      app.services.mute.add('profiles');
      await expect(app.request(realmId, erasureId, addresses)).rejects.toEqual(failure('service-unavailable'));
      app.services.mute.clear();
      await app.done(realmId, erasureId);
      expect(app.heldBy(userIds)).toEqual([]);
    });

    it.each(['profiles', 'identity', 'membership'] as const)('(%s) while it is carried out goes on when it is back, and counts what was erased before', async (service) => {
      const { userIds, addresses } = app.users(2);
      app.services.away.add(`${service}.erase`);
      await app.request(realmId, erasureId, addresses);
      await eventually(() => expect(app.heldBy(userIds)).toEqual([service]));
      await eventually(async () => expect(await partStates()).toEqual({ profiles: 'done', identity: 'done', membership: 'done', operations: 'done', [service]: 'running' }));
      expect(await app.stateOf(realmId, erasureId)).toBe('running');
      expect(app.services.calls.filter((call) => call.endsWith('.count'))).toEqual([]);
      app.services.away.clear();
      const receipt = await app.done(realmId, erasureId, 20_000);
      expect(app.heldBy(userIds)).toEqual([]);
      expect(Object.values(receipt.services).map(({ erased }) => Object.values(erased))).toEqual([[2], [2], [0, 0, 0], [2]]);
    });
  });

  it('is for the organisations to look at whose staff it erases, as long as its receipt is kept', async () => {
    const [organisationId, other] = [uuidv7(), uuidv7()];
    const { userIds, addresses } = app.users(2);
    for (const userId of userIds) app.services.user(userId).organisationIds = [organisationId];
    await app.request(realmId, erasureId, addresses);
    const { sequence } = await app.done(realmId, erasureId);
    const { organisationIds, users, finishedAt, services } = await app.call(operations.getErasure, { jobId: erasureId });
    expect({ organisationIds, users }).toEqual({ organisationIds: [organisationId], users: 2 });
    expect(finishedAt).toMatch(/^\d{4}-.*Z$/);
    expect(services).toEqual(operations.erasureServices.map((service) => ({ service, state: 'done', attempts: 1, finishedAt: expect.stringMatching(/^\d{4}-.*Z$/) })));
    const listed = async (of: string) => (await app.call(operations.listReceipts, { organisationId: of, limit: 10 })).receipts.map((text) => JSON.parse(text).sequence as number);
    expect([await listed(organisationId), await listed(other)]).toEqual([[sequence], []]);
  });

  it('is carried out by a job of before, which had none for its parts', async () => {
    const { userIds } = app.users(2);
    await app.query(`INSERT INTO erasures (realm_id, erasure_id, requested_by, requested_at, request_id) VALUES ($1, $2, 'somebody', now(), 'spec')`, [realmId, erasureId]);
    await app.query('INSERT INTO erasure_users SELECT $1, $2, unnest($3::uuid[])', [realmId, erasureId, userIds]);
    await app.provider(JobQueue).add(eraseUsersJob, { realmId, erasureId }, { requestId: 'spec' }, { jobId: `erasure-${erasureId}` });
    expect((await app.done(realmId, erasureId)).services['identity']!.erased).toEqual({ logins: 2 });
    expect(app.heldBy(userIds)).toEqual([]);
  });

  it('is not done while a service still holds something, whatever it said before', async () => {
    const { userIds, addresses } = app.users();
    app.services.forgetful.add('membership');
    await app.request(realmId, erasureId, addresses);
    await eventually(() => expect(app.services.calls).toContain('membership.count'));
    await pause(200);
    expect(await app.stateOf(realmId, erasureId)).toBe('running');
    expect(app.log.atLeast(40).map((record) => JSON.stringify(record)).join()).toContain('membership.members');
    app.services.forgetful.clear();
    const receipt = await app.done(realmId, erasureId, 20_000);
    expect(receipt.services['membership']!.remains).toEqual({ members: 0 });
    expect(app.heldBy(userIds)).toEqual([]);
  });

  describe('whose process died', () => {
    it('after profiles hid the users and before the row is made from the event', async () => {
      const { userIds } = app.users(2);
      for (const userId of userIds) app.services.user(userId).erasureId = erasureId;
      await app.services.publishHidden(realmId, erasureId, userIds, 'somebody');
      const receipt = await app.done(realmId, erasureId);
      expect([receipt.users, receipt.requested_by.id]).toEqual([2, 'somebody']);
      for (const userId of userIds) expect(app.services.user(userId).hiddenIn.has('identity')).toBe(true);
    });

    it('after the row and before the job is found by the sweep', async () => {
      const { userIds } = app.users();
      await leaveRow('scheduled', userIds);
      await app.sweepAfter(1);
      await app.done(realmId, erasureId);
      expect(app.heldBy(userIds)).toEqual([]);
    });

    it('in the middle of the job, with a queue that has lost it, is found by the sweep', async () => {
      const { userIds } = app.users(2);
      await leaveRow('running', userIds, 1);
      app.services.user(userIds[0]!).heldBy.clear(); // what the first attempt got done
      await app.query(`INSERT INTO erasure_counts VALUES ($1, $2, 'profiles', 'users', 1)`, [realmId, erasureId]);
      await app.sweepAfter(1);
      const receipt = await app.done(realmId, erasureId);
      expect(receipt.services['profiles']!.erased).toEqual({ users: 2 });
    });

    it('in the middle of the job is finished by another process, with what was erased before in the receipt', async () => {
      const options = { tuning: { drainMs: 100, lockMs: 1_000, stalledCheckMs: 500 }, environment: { RPC_DEADLINE_MS: '10000' } }; // the first call after a start takes a second on a busy machine
      const first = await WorkersApp.start(options);
      const { userIds, addresses } = first.users(2);
      first.services.hanging.add('identity.erase');
      await first.request(realmId, erasureId, addresses);
      await eventually(() => expect(first.heldBy(userIds)).toEqual(['identity']));
      expect(await first.stateOf(realmId, erasureId)).toBe('running');
      await first.close();
      const second = await WorkersApp.start({ after: first, ...options });
      const receipt = await second.done(realmId, erasureId);
      first.services.letGo();
      expect(second.heldBy(userIds)).toEqual([]);
      expect(Object.values(receipt.services).map(({ erased }) => Object.values(erased))).toEqual([[2], [2], [0, 0, 0], [2]]);
    });

    it('after the row was taken back to what it was before the job, which the queue takes for done, is found by the sweep', async () => {
      const { userIds, addresses } = app.users();
      await app.request(realmId, erasureId, addresses);
      await app.done(realmId, erasureId);
      await app.query(`UPDATE erasures SET state = 'scheduled', receipt_sequence = NULL, finished_at = NULL, attempts = 0, attempted_at = NULL WHERE erasure_id = $1`, [erasureId]);
      await app.query('DELETE FROM receipts WHERE erasure_id = $1', [erasureId]);
      app.services.user(userIds[0]!).heldBy.add('identity');
      await app.sweepAfter(1);
      await pause(500);
      expect(await app.stateOf(realmId, erasureId)).toBe('scheduled');
      await app.sweepAfter(10);
      await app.done(realmId, erasureId);
      expect(app.heldBy(userIds)).toEqual([]);
    });

    it('is left alone by the sweep as long as it may still be on its way', async () => {
      await leaveRow('scheduled', app.users().userIds);
      await app.sweep();
      await pause(500);
      expect(await app.stateOf(realmId, erasureId)).toBe('scheduled');
    });

    async function leaveRow(state: string, userIds: string[], attempts = 0): Promise<void> {
      const attemptedAt = attempts === 0 ? null : new Date().toISOString();
      await app.query(`INSERT INTO erasures (realm_id, erasure_id, state, requested_by, requested_at, request_id, attempts, attempted_at) VALUES ($1, $2, $3, 'somebody', now(), 'spec', $4, $5)`, [realmId, erasureId, state, attempts, attemptedAt]);
      await app.query('INSERT INTO erasure_users SELECT $1, $2, unnest($3::uuid[])', [realmId, erasureId, userIds]);
    }
  });

  it('takes its repeated event for what it is once it is done', async () => {
    const { userIds, addresses } = app.users();
    await app.request(realmId, erasureId, addresses);
    await app.done(realmId, erasureId);
    const before = app.services.calls.length;
    await app.services.publishHidden(realmId, erasureId, userIds, 'somebody');
    await eventually(async () => expect(await app.services.publishedOf(erasureId)).toBe(2)); // every consumer is done with both
    expect(app.services.calls.length).toBe(before);
    expect(await app.stateOf(realmId, erasureId)).toBe('done');
  });
});

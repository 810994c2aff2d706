import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';
import { v7 as uuidv7 } from 'uuid';
import { membership, operations, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { event } from '#libs/platform/events';
import { addDataKey, DataKeys, usedAfterMs } from '#libs/platform/keys';
import { eventually } from '#libs/platform/testing';
import { NudgedWork } from '#libs/platform/upkeep';
import { profileOf } from '../spec-support/a-profile.js';
import { WebhookReceiver, type Received } from '../spec-support/webhook-receiver.js';
import { WorkersApp } from '../spec-support/workers-app.js';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { RemoveWebhooks } from './remove-webhooks.js';
import { SweepWebhooks } from './sweep-webhooks.js';

const actor = { type: 'user' as const, id: uuidv7() };
let receiver: WebhookReceiver;
let app: WorkersApp;
beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  app = await WorkersApp.start({ environment: { WEBHOOK_INSIDE_ORIGINS: receiver.origin, WEBHOOK_TIMEOUT: '2s', RPC_DEADLINE_MS: '10000' } });
});
afterAll(() => receiver.stop());
beforeEach(async () => {
  await eventually(() => app.query('DELETE FROM webhooks')); // may meet a delivery that is settled just then. What the others left behind is tried again, and would be counted
  receiver.taken.length = 0;
  Object.assign(receiver, { asked: 0, overlaps: 0, status: 204, headers: {}, delayMs: 0 });
});

const changed = (realmId: string, userId: string, version: number) => event(profiles.userChanged, { realmId, userId, version, created: version === 1, facts: ['email'] });
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (error: unknown) => (isFailure(error) ? error.value.code : String(error)));

async function webhook(types: operations.FeedType[] | null = null) {
  const which = { projectId: uuidv7(), webhookId: uuidv7() };
  const { secret } = await app.call(operations.createWebhook, { ...which, url: `${receiver.origin}/hook`, description: null, types, actor });
  return { ...which, secret };
}
type Which = { projectId: string; webhookId: string };
const state = async ({ projectId, webhookId }: Which) => app.call(operations.getWebhook, { projectId, webhookId });
/** What is being sent is written down after the receiver has it. */
const settled = (hook: Which) => eventually(async () => expect((await state(hook)).pending).toBe(0));
const log = async ({ projectId, webhookId }: Which, more: { state?: 'pending' | 'delivered' | 'failed' } = {}) => (await app.call(operations.listDeliveries, { projectId, webhookId, limit: 100, ...more })).deliveries;
const versions = (received: Received[], userId: string) => received.filter(({ event: { subject } }) => subject === userId).map(({ event: { data } }) => data.version);
/** As if all waits were over. */
async function later({ webhookId }: Which): Promise<void> {
  await app.query('UPDATE webhooks SET retry_at = NULL WHERE webhook_id = $1', [webhookId]);
  await eventually(() => app.query(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE webhook_id = $1 AND state = 'pending'`, [webhookId]));
  await app.provider(SweepWebhooks).sweep('spec');
}

describe('webhooks', () => {
  it('are sent what happens, signed so that a Standard Webhooks receiver verifies it, by the old secret and the new one after a rotation', async () => {
    const hook = await webhook(['rollcall.user.created', 'rollcall.user.updated']);
    const [projectId, userId] = [hook.projectId, uuidv7()];
    await app.feedSources.happen(changed(projectId, userId, 1), event(profiles.listRemoved, { realmId: projectId, listId: uuidv7() }));
    await eventually(() => expect(receiver.taken).toHaveLength(1));
    const { secret } = await app.call(operations.rotateWebhookSecret, { projectId, webhookId: hook.webhookId, actor });
    await app.feedSources.happen(changed(projectId, userId, 2));
    await eventually(() => expect(receiver.taken).toHaveLength(2));
    const [first, second] = receiver.taken;
    const verifies = (by: string, { headers, body }: Received) => {
      try {
        return new Verifier(by).verify(body, headers as Record<string, string>) !== undefined;
      } catch {
        return false;
      }
    };
    expect([verifies(hook.secret, first!), verifies(hook.secret, second!), verifies(secret, second!), verifies(secret, first!)]).toEqual([true, true, true, false]);
    expect(verifies(hook.secret, { ...first!, body: first!.body.replace('created', 'updated') })).toBe(false);
    expect([first!.headers['webhook-id'], first!.headers['content-type'], first!.event.type]).toEqual([first!.event.id, 'application/cloudevents+json; charset=utf-8', 'rollcall.user.created']);
    await app.query(`UPDATE webhooks SET previous_secret_until = now() WHERE webhook_id = $1`, [hook.webhookId]);
    await app.feedSources.happen(changed(projectId, userId, 3));
    await eventually(() => expect(receiver.taken).toHaveLength(3));
    expect([verifies(hook.secret, receiver.taken[2]!), verifies(secret, receiver.taken[2]!)]).toEqual([false, true]);
    const [row] = await app.query<{ secret: Buffer }>('SELECT secret FROM webhooks WHERE webhook_id = $1', [hook.webhookId]);
    expect(row!.secret.includes(Buffer.from(secret.slice(6), 'base64'))).toBe(false);
  });

  it('get all of it in order per user after they were down, each once, with many workers at it, and none twice at a time', async () => {
    const hook = await webhook();
    const users = Array.from({ length: 5 }, () => uuidv7());
    receiver.status = 503;
    for (const version of [1, 2, 3, 4]) await app.feedSources.happen(...users.map((userId) => changed(hook.projectId, userId, version)));
    await eventually(async () => {
      await later(hook);
      expect((await state(hook)).webhook.failingSince).not.toBeNull();
      expect(receiver.asked).toBeGreaterThan(6);
    });
    expect(receiver.taken).toEqual([]);
    Object.assign(receiver, { delayMs: 15, status: () => (Math.random() < 0.3 ? 500 : 200) });
    await eventually(async () => {
      await later(hook);
      await Promise.all([1, 2, 3].map(() => app.provider(DeliverWebhooks).deliver(hook, { requestId: 'spec' })));
      expect((await state(hook)).pending).toBe(0);
    }, 90_000);
    expect(receiver.taken).toHaveLength(20);
    for (const userId of users) expect(versions(receiver.taken, userId)).toEqual([1, 2, 3, 4]);
    expect(receiver.overlaps).toBe(0);
    expect((await log(hook)).map(({ state: what }) => what)).toEqual(Array.from({ length: 20 }, () => 'delivered'));
    const [last] = await log(hook);
    const { attempts } = await app.call(operations.getDelivery, { projectId: hook.projectId, webhookId: hook.webhookId, deliveryId: last!.deliveryId });
    expect(attempts[0]).toMatchObject({ attempt: last!.attempts, status: 200, error: null });
  });

  it('hold up nobody but the user whose event they refuse', async () => {
    const hook = await webhook();
    const [stuck, fine] = [uuidv7(), uuidv7()];
    receiver.status = ({ event: { subject } }) => (subject === stuck ? 500 : 200);
    await app.feedSources.happen(changed(hook.projectId, stuck, 1), changed(hook.projectId, stuck, 2), changed(hook.projectId, fine, 1), changed(hook.projectId, fine, 2));
    await eventually(async () => expect((await log(hook, { state: 'delivered' })).map(({ subject }) => subject)).toEqual([fine, fine]));
    expect((await log(hook, { state: 'pending' })).map(({ attempts, error, status }) => [attempts > 0, error, status])).toEqual([[false, null, null], [true, 'refused', 500]]);
  });

  it.each([
    [429, () => '600', 600],
    [503, () => new Date(Date.now() + 3_600_000).toUTCString(), 3_600],
    [503, () => '999999999', 86_400],
  ])('wait as long as the receiver wants who answers %i, also when it takes others meanwhile, and keep their order', async (status, wish, seconds) => {
    const hook = await webhook();
    const [busy, fine] = [uuidv7(), uuidv7()];
    Object.assign(receiver, { headers: { 'retry-after': wish() }, status: ({ event: { subject } }: Received) => (subject === busy ? status : 200) });
    await app.feedSources.happen(changed(hook.projectId, busy, 1), changed(hook.projectId, busy, 2));
    const waits = async () => (await app.query<{ seconds: number }>(`SELECT extract(epoch FROM next_attempt_at - attempted_at)::float AS seconds FROM webhook_deliveries WHERE webhook_id = $1 AND subject = $2 AND attempts = 1`, [hook.webhookId, busy])).map((row) => row.seconds);
    await eventually(async () => expect((await log(hook, { state: 'pending' })).map(({ attempts, error }) => [attempts, error])).toEqual([[0, null], [1, 'retry-after']]));
    const [first] = await waits();
    expect([first! > seconds - 5, first! < seconds + 30]).toEqual([true, true]);
    await app.query('UPDATE webhooks SET failures = 5 WHERE webhook_id = $1', [hook.webhookId]);
    await app.feedSources.happen(changed(hook.projectId, fine, 1));
    await eventually(async () => expect(await log(hook, { state: 'delivered' })).toMatchObject([{ subject: fine }]));
    expect([await waits(), receiver.asked]).toEqual([[first], 2]);
    // At the end of the time that there is, it is tried once more.
    await app.query(`UPDATE webhook_deliveries SET next_attempt_at = now(), attempts = 0, tries = 0, give_up_at = now() + interval '2 minutes' WHERE webhook_id = $1 AND subject = $2 AND attempts = 1`, [hook.webhookId, busy]);
    await app.provider(SweepWebhooks).sweep('spec');
    await eventually(async () => expect([receiver.asked, (await waits())[0]! < 130]).toEqual([3, true])); // it is written down when it begins: the next case would count it
    expect(await log(hook, { state: 'failed' })).toEqual([]);
  });

  it.each([[429, ''], [429, '0'], [503, '-600'], [503, '1.5e3'], [503, 'soon'], [503, 'Sun, 06 Nov 1994 08:49:37 GMT'], [500, '600'], [503, '1']])('are tried again as ever after %i with the Retry-After %j', async (status, wish) => {
    const hook = await webhook();
    Object.assign(receiver, { headers: { 'retry-after': wish }, status });
    await app.feedSources.happen(changed(hook.projectId, uuidv7(), 1));
    await eventually(async () => expect(await log(hook)).toMatchObject([{ attempts: 1, error: 'refused', status }]));
    const [row] = await app.query<{ seconds: number }>('SELECT extract(epoch FROM next_attempt_at - attempted_at)::float AS seconds FROM webhook_deliveries WHERE webhook_id = $1', [hook.webhookId]);
    expect(row!.seconds).toBeLessThan(10);
  });

  it('are tried for three days, then the event is given up and can be replayed, by itself or by its time', async () => {
    const hook = await webhook();
    const [projectId, userId] = [hook.projectId, uuidv7()];
    receiver.status = 500;
    await app.feedSources.happen(changed(projectId, userId, 1), changed(projectId, userId, 2));
    await eventually(() => expect(receiver.asked).toBe(1));
    const [due] = await app.query<{ ok: boolean }>(`SELECT give_up_at BETWEEN now() + interval '71 hours' AND now() + interval '72 hours' AS ok FROM webhook_deliveries WHERE webhook_id = $1`, [hook.webhookId]);
    expect(due!.ok).toBe(true);
    await app.query('UPDATE webhook_deliveries SET give_up_at = now() WHERE webhook_id = $1', [hook.webhookId]);
    await eventually(async () => {
      await later(hook);
      expect((await log(hook, { state: 'failed' }))).toHaveLength(2);
    });
    receiver.status = 200;
    const [, first] = await log(hook);
    await app.call(operations.replayDelivery, { projectId, webhookId: hook.webhookId, deliveryId: first!.deliveryId, actor });
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([1]));
    const span = { projectId, webhookId: hook.webhookId, from: new Date(Date.now() - 3_600_000).toISOString(), actor };
    expect(await app.call(operations.replayDeliveries, { ...span, onlyFailed: true })).toEqual({ queued: 1 });
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([1, 2]));
    await settled(hook);
    expect(await app.call(operations.replayDeliveries, { ...span, onlyFailed: false })).toEqual({ queued: 2 });
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([1, 2, 1, 2]));
    expect(new Set(receiver.taken.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    expect(await app.call(operations.replayDeliveries, { ...span, to: span.from, onlyFailed: false })).toEqual({ queued: 0 });
  });

  it('are disabled by a 410 at once, and by failing for too long; the reason is shown, and what happened meanwhile is sent when it is asked for', async () => {
    const hook = await webhook();
    const [projectId, userId] = [hook.projectId, uuidv7()];
    receiver.status = 410;
    await app.feedSources.happen(changed(projectId, userId, 1));
    await eventually(async () => expect((await state(hook)).webhook).toMatchObject({ disabledReason: 'gone', disabledAt: expect.any(String) }));
    expect(await app.query(`SELECT entry_id FROM audit_entries WHERE action = 'webhook.disabled' AND target_id = $1 UNION SELECT entry_id FROM audit_log WHERE action = 'webhook.disabled' AND target_id = $1`, [hook.webhookId])).toHaveLength(1);
    await app.feedSources.happen(changed(projectId, userId, 2));
    await app.call(operations.readFeed, { projectId, limit: 1 });
    await app.provider(SweepWebhooks).sweep('spec');
    expect([receiver.asked, (await log(hook)).length]).toEqual([1, 1]);

    receiver.status = 200;
    await app.call(operations.changeWebhook, { projectId, webhookId: hook.webhookId, isEnabled: true, actor });
    await app.feedSources.happen(changed(projectId, userId, 3));
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([3]));
    await settled(hook);
    await app.call(operations.replayDeliveries, { projectId, webhookId: hook.webhookId, from: new Date(Date.now() - 3_600_000).toISOString(), onlyFailed: false, actor });
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([3, 1, 2, 3]));

    await settled(hook); // later, it would say that it fails no more
    receiver.status = 500;
    await app.query(`UPDATE webhooks SET failing_since = now() - interval '6 days' WHERE webhook_id = $1`, [hook.webhookId]);
    await app.feedSources.happen(changed(projectId, userId, 4));
    await eventually(async () => expect((await state(hook)).webhook.disabledReason).toBe('failing'));
    expect((await state(hook)).pending).toBe(1);

    // What waited is sent then, however long it would still have waited.
    receiver.status = 200;
    await app.query(`UPDATE webhook_deliveries SET next_attempt_at = now() + interval '8 hours' WHERE webhook_id = $1 AND state = 'pending'`, [hook.webhookId]);
    await app.call(operations.changeWebhook, { projectId, webhookId: hook.webhookId, isEnabled: true, actor });
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([3, 1, 2, 3, 4]));
  });

  it('have all of the time again for what waited while they were disabled: one more failure does not give it up', async () => {
    const hook = await webhook();
    const [userId, which] = [uuidv7(), { projectId: hook.projectId, webhookId: hook.webhookId, actor }];
    receiver.status = 500;
    await app.feedSources.happen(changed(hook.projectId, userId, 1));
    await eventually(async () => expect(await log(hook)).toMatchObject([{ attempts: 1, error: 'refused' }]));
    await app.call(operations.changeWebhook, { ...which, isEnabled: false });
    await app.query(`UPDATE webhook_deliveries SET give_up_at = now() - interval '1 hour', tries = 12 WHERE webhook_id = $1`, [hook.webhookId]);
    await app.call(operations.changeWebhook, { ...which, isEnabled: true });
    const deliveryId = (await log(hook))[0]!.deliveryId;
    await eventually(async () => expect((await app.call(operations.getDelivery, { projectId: hook.projectId, webhookId: hook.webhookId, deliveryId })).attempts).toHaveLength(2));
    expect(await log(hook)).toMatchObject([{ state: 'pending' }]);
    const [row] = await app.query<{ soon: boolean; long: boolean }>(`SELECT next_attempt_at < now() + interval '10 seconds' AS soon, give_up_at > now() + interval '71 hours' AS long FROM webhook_deliveries WHERE webhook_id = $1`, [hook.webhookId]);
    expect(row).toEqual({ soon: true, long: true });
  });

  it('begin anew at another address: what waited for hours goes there in its order, and what the one before did counts no more', async () => {
    const hook = await webhook();
    const [userId, which] = [uuidv7(), { projectId: hook.projectId, webhookId: hook.webhookId, actor }];
    receiver.status = 500;
    await app.feedSources.happen(changed(hook.projectId, userId, 1), changed(hook.projectId, userId, 2));
    await eventually(async () => expect((await log(hook)).map(({ error }) => error)).toEqual([null, 'refused']));
    await app.query(`UPDATE webhooks SET failures = 9, failing_since = now() - interval '6 days', retry_at = now() + interval '4 minutes' WHERE webhook_id = $1`, [hook.webhookId]);
    await app.query(`UPDATE webhook_deliveries SET next_attempt_at = now() + interval '8 hours', error = 'retry-after' WHERE webhook_id = $1 AND attempts > 0`, [hook.webhookId]);
    receiver.status = 200;
    await app.call(operations.changeWebhook, { ...which, description: 'the same address', isEnabled: true });
    await app.provider(SweepWebhooks).sweep('spec');
    expect([receiver.asked, (await state(hook)).webhook.failingSince]).toEqual([1, expect.any(String)]);
    expect((await app.call(operations.changeWebhook, { ...which, url: `${receiver.origin}/moved` })).failingSince).toBeNull();
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([1, 2]));
    await settled(hook);

    // An answer of the one before that comes only then.
    Object.assign(receiver, { asked: 0, delayMs: 500, status: () => (receiver.asked === 1 ? 410 : 200) });
    await app.feedSources.happen(changed(hook.projectId, userId, 3));
    await eventually(() => expect(receiver.asked).toBe(1));
    await app.call(operations.changeWebhook, { ...which, url: `${receiver.origin}/moved-again` });
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([1, 2, 3]));
    expect((await state(hook)).webhook).toMatchObject({ disabledReason: null, failingSince: null });
  });

  it('go on from the rows when the queue has lost everything, and when a worker died in the middle of an attempt', async () => {
    const hook = await webhook();
    const userId = uuidv7();
    await app.query('UPDATE webhooks SET disabled_at = now(), disabled_reason = $2 WHERE webhook_id = $1', [hook.webhookId, 'manual']);
    await app.feedSources.happen(changed(hook.projectId, userId, 1));
    await app.call(operations.readFeed, { projectId: hook.projectId, limit: 1 });
    await app.query('UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL WHERE webhook_id = $1', [hook.webhookId]);
    await eventually(() => expect(versions(receiver.taken, userId)).toEqual([1]), 20_000); // by the schedule alone
    await settled(hook);
    await app.query(`UPDATE webhook_deliveries SET state = 'pending', finished_at = NULL, lease_until = now() + interval '1 hour' WHERE webhook_id = $1`, [hook.webhookId]);
    await app.provider(DeliverWebhooks).deliver(hook, { requestId: 'spec' });
    expect(receiver.asked).toBe(1);
    await app.query(`UPDATE webhook_deliveries SET lease_until = now() - interval '1 second' WHERE webhook_id = $1`, [hook.webhookId]);
    await app.provider(SweepWebhooks).sweep('spec');
    await eventually(() => expect(receiver.asked).toBe(2));
  });

  it('never hold what is known of a user who was erased before they were sent', async () => {
    const hook = await webhook();
    const userId = uuidv7();
    app.feedSources.profiles.set(userId, profileOf(hook.projectId, userId));
    let refused = '';
    receiver.status = ({ body }) => {
      refused = body;
      return 500;
    };
    await app.feedSources.happen(changed(hook.projectId, userId, 1));
    await eventually(() => expect(refused).toContain('ada@example.com'));
    app.feedSources.profiles.delete(userId);
    receiver.status = 200;
    await eventually(async () => {
      await later(hook);
      expect(receiver.taken).toHaveLength(1);
    });
    expect(receiver.taken[0]!.body).not.toContain('ada');
    expect(receiver.taken[0]!.event.data).toMatchObject({ user_id: userId, user: null, erased: true });
  });

  it('are tested at once, with what they answer', async () => {
    const { secret, ...hook } = await webhook();
    receiver.status = 302;
    expect(await app.call(operations.testWebhook, hook)).toMatchObject({ isTaken: false, status: 302, error: 'redirect' });
    receiver.status = 200;
    expect(await app.call(operations.testWebhook, hook)).toMatchObject({ isTaken: true, status: 200, error: null });
    new Verifier(secret).verify(receiver.taken[0]!.body, receiver.taken[0]!.headers as Record<string, string>);
    Object.assign(receiver, { delayMs: 3_000 });
    expect(await app.call(operations.testWebhook, hook)).toMatchObject({ isTaken: false, status: null, error: 'timeout' });
    await app.query(`UPDATE webhooks SET url = 'http://127.0.0.1:1/' WHERE webhook_id = $1`, [hook.webhookId]);
    expect(await app.call(operations.testWebhook, hook)).toMatchObject({ isTaken: false, status: null, error: 'refused-address' });
  });

  it.each(['http://example.com/', 'https://localhost/', 'https://10.0.0.1/x', 'https://[::1]/', 'https://169.254.169.254/latest', 'https://2130706433/', 'http://127.0.0.1:1/', 'https://user:secret@example.com/', 'ftp://example.com/', 'no address', 'https://example.com/#part'])('are refused at %s', async (url) => {
    expect(await codeOf(app.call(operations.createWebhook, { projectId: uuidv7(), webhookId: uuidv7(), url, description: null, types: null, actor }))).toBe('webhook-url-refused');
  });

  it('have their secrets sealed anew after a rotation of the data key, the one before too, and sign as they did', async () => {
    const which = await webhook();
    const rotated = await app.call(operations.rotateWebhookSecret, { projectId: which.projectId, webhookId: which.webhookId, actor });
    const boxes = async () => (await app.query<{ secret: Buffer; previous: Buffer }>('SELECT secret, previous_secret AS previous FROM webhooks WHERE webhook_id = $1', [which.webhookId]))[0]!;
    const before = await boxes();
    await app.provider(Database).withTransaction((tx) => addDataKey(tx, 'operations', Buffer.from('a'.repeat(64), 'hex'), 'spec', usedAfterMs + 1));
    await app.provider(DataKeys).lookAgain();
    const after = await boxes();
    expect([after.secret.equals(before.secret), after.previous.equals(before.previous)]).toEqual([false, false]);
    expect((await app.call(operations.testWebhook, { projectId: which.projectId, webhookId: which.webhookId })).isTaken).toBe(true);
    const { body, headers } = receiver.taken.at(-1)!;
    for (const secret of [which.secret, rotated.secret]) expect(() => new Verifier(secret).verify(body, headers as Record<string, string>)).not.toThrow();
  });

  it('are twenty in a project at the most, however many are made at once, and go with their project', async () => {
    const projectId = uuidv7();
    const make = () => codeOf(app.call(operations.createWebhook, { projectId, webhookId: uuidv7(), url: receiver.origin, description: null, types: null, actor }));
    const codes = await Promise.all(Array.from({ length: 24 }, make));
    expect(codes.filter((code) => code === 'too-many-webhooks')).toHaveLength(4);
    const { webhooks: [one] } = await app.call(operations.listWebhooks, { projectId });
    const other = { projectId: uuidv7(), webhookId: one!.webhookId };
    for (const work of [app.call(operations.getWebhook, other), app.call(operations.removeWebhook, { ...other, actor }), app.call(operations.changeWebhook, { ...other, isEnabled: false, actor }), app.call(operations.testWebhook, other)]) expect(await codeOf(work)).toBe('webhook-not-found');
    await app.call(operations.removeWebhook, { projectId, webhookId: one!.webhookId, actor });
    expect((await app.call(operations.listWebhooks, { projectId })).webhooks).toHaveLength(19);
    await app.feedSources.happen(event(membership.projectDeleted, { projectId, organisationId: uuidv7() }));
    await eventually(async () => expect((await app.call(operations.listWebhooks, { projectId })).webhooks).toEqual([]));
  });

  it('are gone with the answer when they are removed, secret included, and what they delivered follows bit by bit', async () => {
    const [hook, other] = [await webhook(), await webhook()];
    const deliver = (to: Which, count: number) =>
      app.query(
        `WITH made AS (INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, position, event_id, type, subject, give_up_at, state, finished_at)
           SELECT $1, $2, gen_random_uuid(), n, n::text, 't', 's', now(), 'delivered', now() FROM generate_series(1, $3::integer) n RETURNING delivery_id)
         INSERT INTO webhook_attempts (project_id, webhook_id, delivery_id, attempt, status, duration_ms) SELECT $1, $2, delivery_id, 1, 204, 1 FROM made`,
        [to.projectId, to.webhookId, count],
      );
    await deliver(hook, 2_500);
    await deliver(other, 3);
    const remove = () => app.call(operations.removeWebhook, { projectId: hook.projectId, webhookId: hook.webhookId, actor });
    const left = async () => (await app.query<{ webhooks: number; deliveries: number; attempts: number }>(`SELECT (SELECT count(*) FROM webhooks)::int AS webhooks, (SELECT count(*) FROM webhook_deliveries)::int AS deliveries, (SELECT count(*) FROM webhook_attempts)::int AS attempts`))[0];
    // As a process that dies right after its answer leaves it.
    const nudge = jest.spyOn(NudgedWork.prototype, 'nudge').mockReturnValue(undefined);
    await remove();
    nudge.mockRestore();
    expect(await codeOf(state(hook))).toBe('webhook-not-found');
    expect(await codeOf(remove())).toBe('webhook-not-found');
    expect(await codeOf(app.call(operations.changeWebhook, { projectId: hook.projectId, webhookId: hook.webhookId, isEnabled: true, actor }))).toBe('webhook-not-found');
    expect((await app.call(operations.listWebhooks, { projectId: hook.projectId })).webhooks).toEqual([]);
    expect(await app.query('SELECT secret, previous_secret FROM webhooks WHERE webhook_id = $1', [hook.webhookId])).toEqual([{ secret: Buffer.alloc(0), previous_secret: null }]);
    expect(await app.provider(RemoveWebhooks).finish()).toEqual({ removed: 2_500 });
    expect(await left()).toEqual({ webhooks: 1, deliveries: 3, attempts: 3 });
    // Those of a project that was deleted; no schedule has to come.
    await app.feedSources.happen(event(membership.projectDeleted, { projectId: other.projectId, organisationId: uuidv7() }));
    await eventually(async () => expect(await left()).toEqual({ webhooks: 0, deliveries: 0, attempts: 0 }));
  });
});

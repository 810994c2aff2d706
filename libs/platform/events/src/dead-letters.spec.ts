import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditEntriesRepository } from '#libs/platform/audit';
import { platformErrors } from '#libs/platform/errors';
import { testDatabaseUrl } from '#libs/platform/testing';
import { EventWorld, thingHappened } from './spec-support/event-world.js';
import { createNotes, notes, noting, numberOf } from './spec-support/noting.js';

const actor = { type: 'user', id: 'operator' } as const;
const context = { requestId: 'req-replay' };

describe('dead letters', () => {
  let world: EventWorld;
  /** What the handler makes of the number 13. */
  let trouble: Error | undefined;

  beforeAll(async () => {
    const picky = {
      consumer: 'picky',
      eventType: thingHappened,
      handler: async (...[event, commit]: Parameters<ReturnType<typeof noting>['handler']>) => {
        if (numberOf(event) === 13 && trouble !== undefined) throw trouble;
        await noting('picky').handler(event, commit);
      },
    };
    world = await (await EventWorld.start({ topology: 'in-process', databaseUrl: await testDatabaseUrl(), listeners: [picky] })).ready();
    await createNotes(world.taker);
  });

  beforeEach(async () => {
    trouble = undefined;
    await world.taker.execute('TRUNCATE dead_letters, inbox, notes, audit_entries');
  });

  afterAll(() => world.close());

  /** As giving up leaves them: the oldest first. @returns the ids of the events */
  async function given(...numbers: number[]): Promise<string[]> {
    const ids = numbers.map((_, index) => uuidv7({ msecs: Date.now() + index }));
    for (const [index, number] of numbers.entries()) await bury(ids[index]!, 'picky', number);
    return ids;
  }

  async function bury(eventId: string, consumer: string, number: unknown, since = 'now()'): Promise<void> {
    await world.taker.execute('INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)', [consumer, eventId]);
    await world.taker.execute(
      `INSERT INTO dead_letters (consumer, event_id, type, data, request_id, occurred_at, deliveries, error, dead_since) VALUES ($1, $2, 'maker.thing.happened', $3, 'req-1', now(), 8, 'Error', ${since})`,
      [consumer, eventId, JSON.stringify({ number })],
    );
  }

  const audited = async () => (await auditEntriesRepository.pending(world.taker, 100)).map(({ action, target, after, requestId, actor: { id } }) => ({ action, target: target.id, after, requestId, by: id }));

  it('are listed by event, the newest first, and by what is asked for', async () => {
    const [old, young] = (await given(1, 2)) as [string, string];
    await bury(young, 'other', 2, `now() - interval '1 day'`);
    const order = (await world.deadLetters.list({}, 10)).map(({ eventId, consumer }) => [eventId, consumer]);
    expect(order).toEqual([[young, 'other'], [young, 'picky'], [old, 'picky']]);
    expect(await world.deadLetters.list({ consumer: 'picky', eventId: old }, 10)).toEqual([
      { consumer: 'picky', eventId: old, type: 'maker.thing.happened', data: { number: 1 }, requestId: 'req-1', occurredAt: expect.stringMatching(/Z$/), deadSince: expect.stringMatching(/Z$/), deliveries: 8, error: 'Error', replayRequestedAt: null },
    ]);
    const consumers = async (filter: Parameters<typeof world.deadLetters.list>[0]) => (await world.deadLetters.list(filter, 10)).map(({ consumer }) => consumer);
    const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
    expect(await consumers({ from: anHourAgo })).toEqual(['picky', 'picky']);
    expect(await consumers({ to: anHourAgo })).toEqual(['other']);
    expect(await consumers({ type: 'maker.thing.ended' })).toEqual([]);
    expect(await world.deadLetters.count()).toEqual([
      { consumer: 'other', type: 'maker.thing.happened', count: 1, waiting: 0, oldest: expect.any(String) },
      { consumer: 'picky', type: 'maker.thing.happened', count: 2, waiting: 0, oldest: expect.any(String) },
    ]);
    expect((await world.deadLetters.list({}, 1, { eventId: young, consumer: 'other' }))[0]).toMatchObject({ eventId: young, consumer: 'picky' });
    expect((await world.deadLetters.list({}, 1, { eventId: young, consumer: '' }))[0]).toMatchObject({ consumer: 'other' });
    expect((await world.deadLetters.list({}, 1, { eventId: young, consumer: null }))[0]).toMatchObject({ eventId: old });
  });

  it('take effect once when they are replayed, however many do so at once', async () => {
    const [eventId] = (await given(7)) as [string];
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => world.deadLetters.replay('picky', eventId, actor, context)));
    expect(outcomes.filter((outcome) => outcome?.deadLetter === null).length).toBeGreaterThan(0);
    expect(await notes(world.taker, 'picky')).toEqual([7]);
    expect(await world.deadLetters.list({}, 10)).toEqual([]);
    expect(await world.deadLetters.replay('picky', eventId, actor, context)).toBeUndefined();
    expect(await audited()).toEqual([{ action: 'dead-letter.replay-requested', target: `picky/${eventId}`, after: [], requestId: 'req-replay', by: 'operator' }]);
  });

  it('stay when they fail again: tried once more, with what they failed with this time', async () => {
    const [eventId] = (await given(13)) as [string];
    trouble = new TypeError('secret value');
    const outcome = await world.deadLetters.replay('picky', eventId, actor, context);
    expect(outcome).toMatchObject({ deadLetter: { deliveries: 9, error: 'TypeError', replayRequestedAt: null } });
    trouble = undefined;
    expect(await world.deadLetters.replay('picky', eventId, actor, context)).toEqual({ deadLetter: null });
    expect(await notes(world.taker, 'picky')).toEqual([13]);
  });

  it('are replayed all together, those of a filter, and those that fail again are counted', async () => {
    await given(1, 13, 2);
    await bury(uuidv7(), 'gone', 5);
    trouble = new Error('no');
    expect(await world.deadLetters.requestReplay({ consumer: 'nobody' }, actor, context)).toBe(0);
    expect(await world.deadLetters.requestReplay({ consumer: 'picky' }, actor, context)).toBe(3);
    expect(await world.deadLetters.requestReplay({}, actor, context)).toBe(1);
    expect((await world.deadLetters.count()).map(({ waiting }) => waiting)).toEqual([1, 3]);
    expect(await world.deadLetters.replayRequested(10_000)).toEqual({ replayed: 2, failed: 2, more: false });
    expect(await notes(world.taker, 'picky')).toEqual([1, 2]);
    expect((await world.deadLetters.list({}, 10)).map(({ consumer, deliveries, error, replayRequestedAt }) => [consumer, deliveries, error, replayRequestedAt]).sort()).toEqual([
      ['gone', 9, 'consumer-unknown: No consumer of this name takes events any more.', null],
      ['picky', 9, 'Error', null],
    ]);
    expect((await audited()).map(({ action, target }) => [action, target])).toEqual([['dead-letter.replay-requested', 'taker'], ['dead-letter.replay-requested', 'taker']]);
  });

  it('are tried once more for each time that somebody wants it, however many do so at once', async () => {
    await given(...Array.from({ length: 20 }, () => 13));
    trouble = new TypeError('no');
    await world.deadLetters.requestReplay({}, actor, context);
    await Promise.all([1, 2, 3].map(() => world.deadLetters.replayRequested(10_000)));
    expect((await world.deadLetters.list({}, 20)).map(({ deliveries }) => deliveries)).toEqual(Array.from({ length: 20 }, () => 9));
  });

  it('go on waiting when something is out of reach', async () => {
    const [, eventId] = (await given(1, 13)) as [string, string];
    trouble = platformErrors.failure('service-unavailable', 'Away.');
    await world.deadLetters.requestReplay({}, actor, context);
    await expect(world.deadLetters.replayRequested(10_000)).rejects.toThrow('Away');
    expect(await world.deadLetters.list({}, 10)).toMatchObject([{ eventId, deliveries: 8, replayRequestedAt: expect.any(String) }]);
    trouble = undefined;
    expect(await world.deadLetters.replayRequested(10_000)).toEqual({ replayed: 1, failed: 0, more: false });
    expect(await notes(world.taker, 'picky')).toEqual([1, 13]);
  });

  it('are discarded for a reason, which the audit trail keeps', async () => {
    const [first, second] = (await given(1, 2)) as [string, string];
    expect(await world.deadLetters.discard({ consumer: 'picky', eventId: first }, 'duplicate', actor, context)).toEqual({ discarded: 1, more: false });
    expect(await world.deadLetters.discard({ consumer: 'picky', eventId: first }, 'duplicate', actor, context)).toEqual({ discarded: 0, more: false });
    expect((await world.deadLetters.list({}, 10)).map(({ eventId }) => eventId)).toEqual([second]);
    expect(await audited()).toEqual([{ action: 'dead-letter.discarded', target: `picky/${first}`, after: ['reason:duplicate'], requestId: 'req-replay', by: 'operator' }]);
    expect(await world.deadLetters.replay('picky', first, actor, context)).toBeUndefined();
  });
});

import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { platformErrors } from '#libs/platform/errors';
import { eventually, pause, testDatabase, testNats, type TestServer } from '#libs/platform/testing';
import { eventsEntities, eventsMigrations, readEventGauges, type SharedWork } from './index.js';
import { deleteStream, restartEmpty } from './spec-support/event-store.js';
import { context, EventWorld, thingEnded, thingHappened, type Listener, type Topology, type WorldOptions } from './spec-support/event-world.js';
import { FreshDatabases } from './spec-support/fresh-databases.js';
import { createNotes, notes, noting, numberOf, numbers } from './spec-support/noting.js';

describe.each<Topology>(['in-process', 'nats'])('events (%s)', (topology) => {
  const databases = new FreshDatabases();
  let nats: TestServer | undefined;

  beforeAll(async () => {
    if (topology === 'nats') nats = await testNats();
  });

  afterEach(() => EventWorld.closeAll());

  async function world(options: Partial<WorldOptions> = {}): Promise<EventWorld> {
    if (options.databaseUrl === undefined && nats !== undefined) await restartEmpty(nats);
    const started = await (await EventWorld.start({ topology, nats, databaseUrl: options.databaseUrl ?? (await databases.next()), ...options })).ready();
    await createNotes(started.taker);
    return started;
  }

  it('brings each committed event to each consumer of its type once, with all it carries', async () => {
    const seen: unknown[] = [];
    const { maker, taker, make, close } = bound(
      await world({
        listeners: [
          noting('first'),
          noting('second'),
          noting('other', thingEnded),
          { consumer: 'seeing', eventType: thingHappened, handler: async (event) => void seen.push(event) },
        ],
      }),
    );
    await make(...numbers(20));
    await eventually(async () => {
      expect(await notes(taker, 'first')).toEqual(numbers(20));
      expect(await notes(taker, 'second')).toEqual(numbers(20));
      expect(seen).toHaveLength(20);
    });
    expect(await notes(taker, 'other')).toEqual([]);
    const [row] = await maker.query<{ id: string; occurredAt: string }>(`SELECT id, occurred_at AS "occurredAt" FROM outbox ORDER BY sequence LIMIT 1`);
    expect(seen).toContainEqual({ id: row?.id, type: 'maker.thing.happened', data: { number: 1 }, occurredAt: row?.occurredAt, requestId: context.requestId });
    await eventually(async () => expect((await readEventGauges(maker)).unpublished).toBe(0));
    await close();
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    const { maker, taker, make, append, close } = bound(await world({ listeners: [noting('first')] }));
    await expect(
      maker.withTransaction(async (tx) => {
        await append(tx, 1, 2);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await make(3);
    await eventually(async () => expect(await notes(taker, 'first')).toEqual([3]));
    await pause(100);
    expect(await notes(taker, 'first')).toEqual([3]);
    await close();
  });

  it('keeps the order in which one transaction appended its events', async () => {
    const seen: number[] = [];
    const { maker, append, close } = bound(await world({ listeners: [{ consumer: 'seeing', eventType: thingHappened, handler: async (event) => void seen.push(numberOf(event)) }], tuning: { concurrency: 1 } }));
    await maker.withTransaction((tx) => append(tx, ...numbers(50)));
    await eventually(() => expect(seen).toEqual(numbers(50)));
    await close();
  });

  it('brings an event whose number was drawn long before it was committed, however many others have passed meanwhile', async () => {
    // Looking through the whole outbox would find it in any case.
    const { maker, taker, make, append, close } = bound(await world({ listeners: [noting('first')], tuning: { floorMs: 20, wholeLookMs: 600_000 } }));
    const late = async (number: number) => {
      let commit = () => {};
      const done = maker.withTransaction(async (tx) => {
        await append(tx, number);
        await tx.query('SELECT 1');
        await new Promise<void>((resolve) => (commit = resolve));
      });
      return { commit: () => commit(), done };
    };
    await make(1);
    const open = await late(2);
    for (let number = 3; number <= 8; number += 1) {
      await make(number);
      await eventually(async () => expect(await notes(taker, 'first')).toContain(number));
      await pause(30);
    }
    open.commit();
    await open.done;
    await make(9);
    await eventually(async () => expect(await notes(taker, 'first')).toEqual(numbers(9)));
    await close();
  });

  it('publishes again all of what is marked as unpublished among what was published long ago, and not so many a look', async () => {
    const { maker, make, close } = bound(await world({ listeners: [noting('first')], tuning: { floorMs: 20, wholeLookMs: 1_500, batch: 2 } }));
    const published = async () => expect((await readEventGauges(maker)).unpublished).toBe(0);
    await make(...numbers(60));
    await eventually(published);
    // The floor is above them by now.
    for (let number = 61; number <= 66; number += 1) {
      await make(number);
      await eventually(published);
      await pause(30);
    }
    await maker.execute('UPDATE outbox SET published_at = NULL WHERE published_at IS NOT NULL');
    await eventually(published, 15_000);
    await close();
  });

  it('gives up an event that keeps failing while others flow, and handles it when it is replayed', async () => {
    let broken = true;
    const poisoned: Listener = {
      consumer: 'choosy',
      eventType: thingHappened,
      handler: async (event, commit) => {
        if (broken && numberOf(event) === 2) throw new Error('secret value');
        await noting('choosy').handler(event, commit);
      },
    };
    const { maker, taker, consumers, make, log, close } = bound(await world({ listeners: [poisoned, noting('healthy')] }));
    await make(1, 2, 3);
    await eventually(async () => {
      expect(await notes(taker, 'choosy')).toEqual([1, 3]);
      expect(await notes(taker, 'healthy')).toEqual([1, 2, 3]);
      expect((await readEventGauges(taker)).deadLetters).toBe(1);
    });
    const [letter] = await taker.query<{ event_id: string }>('SELECT * FROM dead_letters');
    expect(letter).toMatchObject({ consumer: 'choosy', type: 'maker.thing.happened', data: { number: 2 }, deliveries: 4, error: 'Error' });
    expect(log.atLeast(50).map(({ msg }) => msg)).toEqual(['event given up, it is among the dead letters now']);
    await eventually(async () => expect((await readEventGauges(maker)).unpublished).toBe(0));

    const eventId = String(letter?.event_id);
    await expect(consumers.replay('choosy', eventId)).rejects.toThrow('secret value');
    expect((await readEventGauges(taker)).deadLetters).toBe(1);
    broken = false;
    expect(await consumers.replay('choosy', eventId)).toBe(true);
    expect(await notes(taker, 'choosy')).toEqual([1, 2, 3]);
    expect((await readEventGauges(taker)).deadLetters).toBe(0);
    expect(await consumers.replay('choosy', eventId)).toBe(false);
    await close();
  });

  it('does not give up an event because something is out of reach, nor for one failure of its own after that', async () => {
    let attempts = 0;
    const waiting: Listener = {
      consumer: 'waiting',
      eventType: thingHappened,
      handler: async (event, commit) => {
        attempts += 1;
        if (attempts < 8) throw platformErrors.failure('service-unavailable', 'Away.');
        if (attempts < 11) throw new Error('in the rush that follows');
        await noting('waiting').handler(event, commit);
      },
    };
    const { taker, make, close } = bound(await world({ listeners: [waiting] }));
    await make(1);
    await eventually(async () => expect(await notes(taker, 'waiting')).toEqual([1]));
    expect((await readEventGauges(taker)).deadLetters).toBe(0);
    await close();
  });

  it('gives an event up whose data is not what its type says, and calls no handler', async () => {
    let called = 0;
    const { maker, taker, close } = bound(await world({ listeners: [{ consumer: 'seeing', eventType: thingHappened, handler: async () => void (called += 1) }] }));
    await maker.execute(`INSERT INTO outbox (id, type, data, request_id) VALUES (gen_random_uuid(), 'maker.thing.happened', '{"number": "one"}', 'req-2')`);
    await eventually(async () => expect((await readEventGauges(taker)).deadLetters).toBe(1));
    expect(called).toBe(0);
    const [letter] = await taker.query<{ error: string }>('SELECT error FROM dead_letters');
    expect(letter?.error).toBe('invalid event: number invalid_type');
    await close();
  });

  it('passes over events of types that nobody listens to', async () => {
    const { maker, taker, make, close } = bound(await world({ listeners: [noting('first')] }));
    await maker.execute(`INSERT INTO outbox (id, type, data, request_id) VALUES (gen_random_uuid(), 'maker.thing.invented', '{}', 'req-2')`);
    await make(1);
    await eventually(async () => expect(await notes(taker, 'first')).toEqual([1]));
    await eventually(async () => expect((await readEventGauges(maker)).unpublished).toBe(0));
    expect((await readEventGauges(taker)).deadLetters).toBe(0);
    await close();
  });

  it('commits effects that are shared at once, each of them once and in order; the one at fault fails alone', async () => {
    const shared: number[][] = [];
    const together: SharedWork['together'] = async (tx, events) => {
      const given = events.map(numberOf);
      if (given.includes(7)) throw new Error('not that one');
      await tx.execute('SELECT pg_sleep(0.02)'); // others come meanwhile
      await tx.execute(`INSERT INTO notes SELECT 'shared', unnest($1::integer[])`, [given]);
      shared.push(given);
    };
    const { maker, taker, append, close } = bound(await world({ listeners: [{ consumer: 'shared', eventType: thingHappened, handler: (_event, commit) => commit({ together }) }] }));
    await maker.withTransaction((tx) => append(tx, ...numbers(40)));
    await eventually(async () => expect((await readEventGauges(taker)).deadLetters).toBe(1));
    expect(await notes(taker, 'shared')).toEqual(numbers(40).filter((number) => number !== 7));
    expect(shared.length).toBeLessThan(30);
    expect(shared.filter((given) => given.some((number, place) => place > 0 && number < given[place - 1]!))).toEqual([]);
    await close();
  });

  it('commits an effect once, however often the event comes; where there is none nothing is noted', async () => {
    const { maker, taker, make, close } = bound(await world({ listeners: [noting('first'), { consumer: 'plain', eventType: thingHappened, handler: async () => undefined }] }));
    await make(1, 2);
    await eventually(async () => expect(await notes(taker, 'first')).toEqual([1, 2]));
    await eventually(async () => expect((await readEventGauges(maker)).unpublished).toBe(0));
    // As a relay does that died before it could mark them; the broker's own memory of ids is put out of action.
    if (nats !== undefined) await deleteStream(nats);
    await maker.execute('UPDATE outbox SET published_at = NULL');
    await eventually(async () => expect((await readEventGauges(maker)).unpublished).toBe(0));
    await make(3);
    await eventually(async () => expect(await notes(taker, 'first')).toEqual([1, 2, 3]));
    const inbox = () => taker.query<{ consumer: string; count: number }>('SELECT consumer, count(*) FROM inbox GROUP BY consumer ORDER BY consumer');
    await eventually(async () => expect(await inbox()).toEqual([{ consumer: 'first', count: 3 }]));
    await close();
  });

  it('loses and doubles nothing when the relay is cut off again and again', async () => {
    const { taker, make, cutRelay, unpublished, close } = bound(await world({ listeners: [noting('first')], tuning: { batch: 7 } }));
    let cuts = 0;
    const cutting = setInterval(() => void cutRelay().then((cut) => (cuts += Number(cut)), () => undefined), 60);
    const count = 300;
    for (let first = 1; first <= count; first += 50) {
      await make(...numbers(50).map((offset) => first + offset - 1));
      await pause(50);
    }
    clearInterval(cutting);
    await eventually(async () => expect(await unpublished()).toBe(0));
    await eventually(async () => expect(await notes(taker, 'first')).toEqual(numbers(count)));
    expect(cuts).toBeGreaterThan(1);
    await close();
  });

  it('goes on with what was left when a process ends and another starts', async () => {
    let hold = true;
    const held: Listener = {
      consumer: 'held',
      eventType: thingHappened,
      handler: async (event, commit) => {
        if (hold) throw platformErrors.failure('service-unavailable', 'Not yet.');
        await noting('held').handler(event, commit);
      },
    };
    const first = await world({ listeners: [held] });
    await first.make(1, 2, 3);
    await pause(100);
    await first.close();
    hold = false;
    const second = await world({ databaseUrl: first.databaseUrl, listeners: [held] });
    await eventually(async () => expect(await notes(second.taker, 'held')).toEqual([1, 2, 3]));
    await second.close();
  });

  it('lets the handlers that run finish when the process is told to stop', async () => {
    let begun = 0;
    const slow: Listener = {
      consumer: 'slow',
      eventType: thingHappened,
      handler: async (event, commit) => {
        begun += 1;
        await pause(300);
        await noting('slow').handler(event, commit);
      },
    };
    const first = await world({ listeners: [slow] });
    await first.make(1);
    await eventually(() => expect(begun).toBe(1));
    await first.close();
    const second = await world({ databaseUrl: first.databaseUrl, listeners: [slow] });
    expect(await notes(second.taker, 'slow')).toEqual([1]);
    await pause(200);
    expect(begun).toBe(1);
    await second.close();
  });

  it('has one relay at a time; another process takes over when that ends', async () => {
    let calls = 0;
    const counting: Listener = {
      ...noting('first'),
      handler: async (event, commit) => {
        calls += 1;
        await pause(20); // time for a second relay to hand it out too
        await noting('first').handler(event, commit);
      },
    };
    const first = await world({ listeners: [counting] });
    const second = await world({ databaseUrl: first.databaseUrl, listeners: [counting] });
    await first.make(...numbers(40));
    await eventually(async () => expect(await notes(second.taker, 'first')).toEqual(numbers(40)));
    expect(calls).toBe(40);
    await first.close();
    await second.make(41);
    await eventually(async () => expect(await notes(second.taker, 'first')).toEqual(numbers(41)));
    await second.close();
  });
});

describe('event tables', () => {
  it('are what the entities say', async () => {
    const { database } = await testDatabase('drift', { entities: eventsEntities, migrations: eventsMigrations });
    const changes = await database.manager.dataSource.driver.createSchemaBuilder().log();
    expect(changes.upQueries.map(({ query }) => query)).toEqual([]);
  });
});

/** The world's methods, to be called without it. */
function bound(world: EventWorld): EventWorld {
  return new Proxy(world, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

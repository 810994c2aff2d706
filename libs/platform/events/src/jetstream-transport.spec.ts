import { cp, rm } from 'node:fs/promises';
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Readiness } from '#libs/platform/telemetry';
import { eventually, pause, testFolder, testNats, type TestServer } from '#libs/platform/testing';
import { deleteStream, inBroker, restartEmpty, storedEvents } from './spec-support/event-store.js';
import { EventWorld, type WorldOptions } from './spec-support/event-world.js';
import { FreshDatabases } from './spec-support/fresh-databases.js';
import { createNotes, notes, noting, numberOf, numbers } from './spec-support/noting.js';

describe('events over JetStream', () => {
  const databases = new FreshDatabases();
  let nats: TestServer;
  const unhandled: unknown[] = [];

  beforeAll(async () => {
    nats = await testNats();
    process.on('unhandledRejection', (reason) => unhandled.push(reason));
  });

  beforeEach(async () => {
    await restartEmpty(nats);
  });

  afterEach(() => EventWorld.closeAll());

  async function world(options: Partial<WorldOptions> = {}): Promise<EventWorld> {
    const started = await (await EventWorld.start({ topology: 'nats', nats, databaseUrl: options.databaseUrl ?? (await databases.next()), listeners: [noting('first')], ...options })).ready();
    await createNotes(started.taker);
    return started;
  }

  function expectNoted(at: EventWorld, count: number): Promise<void> {
    return eventually(async () => expect(await notes(at.taker, 'first')).toEqual(numbers(count)));
  }

  /** As a host that loses its power does: what happened meanwhile was not on the disk. */
  async function throwBack(meanwhile: () => Promise<void>): Promise<void> {
    const backup = await testFolder('jetstream-backup');
    await nats.stop();
    await cp(nats.folder, backup, { recursive: true });
    await nats.start();
    await meanwhile();
    await nats.kill();
    await nats.wipe();
    await cp(backup, nats.folder, { recursive: true });
    await rm(backup, { recursive: true });
    await nats.start();
  }

  it('resumes when nats-server was away, and delivers what was committed meanwhile', async () => {
    const at = await world();
    await at.make(1);
    await expectNoted(at, 1);
    await nats.kill();
    await at.make(2, 3);
    await pause(500);
    await nats.start();
    await expectNoted(at, 3);
    expect(at.log.atLeast(50)).toEqual([]);
    expect(unhandled).toEqual([]);
    await at.close();
  });

  it('starts without nats-server, says so, and serves when it comes', async () => {
    await nats.stop();
    const at = await EventWorld.start({ topology: 'nats', nats, databaseUrl: await databases.next(), listeners: [noting('first')] });
    await eventually(async () => {
      await at.taker.check();
      await at.maker.check();
    });
    await createNotes(at.taker);
    await at.make(1);
    const readiness = at.app.get(Readiness, { strict: false });
    expect(await readiness.check()).toContainEqual({ name: 'jetstream', ready: false, reason: expect.stringContaining('NATS') });
    await nats.start();
    await at.ready();
    expect(await readiness.check()).toContainEqual({ name: 'jetstream', ready: true });
    await expectNoted(at, 1);
    await at.close();
  });

  it('fills a store that was wiped, and goes on', async () => {
    const at = await world();
    await at.make(1, 2, 3);
    await expectNoted(at, 3);
    await restartEmpty(nats);
    await at.make(4);
    await expectNoted(at, 4);
    await eventually(async () => expect(await storedEvents(nats)).toBe(4));
    await pause(200);
    expect(await notes(at.taker, 'first')).toEqual(numbers(4));
    await at.close();
  });

  it('makes a deleted stream anew and fills it, without a new connection', async () => {
    const at = await world({ tuning: { batch: 2 } });
    await at.make(1, 2, 3, 4, 5);
    await expectNoted(at, 5);
    await deleteStream(nats);
    await eventually(async () => expect(await storedEvents(nats)).toBe(5));
    await at.make(6);
    await expectNoted(at, 6);
    await at.close();
  });

  it('notices that a store came back with less than it had acknowledged', async () => {
    const at = await world();
    await at.make(1, 2);
    await expectNoted(at, 2);
    await throwBack(async () => {
      await at.make(3, 4);
      await expectNoted(at, 4);
    });
    await eventually(async () => expect(await storedEvents(nats)).toBe(4));
    await at.make(5);
    await expectNoted(at, 5);
    await at.close();
  });

  it('notices so too when the process that had relayed has crashed with the broker', async () => {
    const before = await world({ listeners: [] });
    await before.make(1, 2);
    await eventually(async () => expect(await before.unpublished()).toBe(0));
    await throwBack(async () => {
      await before.make(3, 4);
      await eventually(async () => expect(await before.unpublished()).toBe(0));
      await before.close();
    });
    const after = await world({ databaseUrl: before.databaseUrl });
    await expectNoted(after, 4);
    await after.make(5);
    await expectNoted(after, 5);
    expect(await storedEvents(nats)).toBe(5);
    await after.close();
  });

  it('makes one loss good once, however often the relay begins anew', async () => {
    const at = await world();
    await at.make(1, 2);
    await expectNoted(at, 2);
    await throwBack(async () => {
      await at.make(3, 4);
      await expectNoted(at, 4);
    });
    const filled = () => at.log.records.filter(({ msg }) => String(msg).includes('has been filled again')).length;
    await eventually(() => expect(filled()).toBe(1));
    for (const number of [5, 6, 7]) {
      await eventually(async () => expect(await at.cutRelay()).toBe(true));
      await at.make(number);
      await expectNoted(at, number);
    }
    expect(filled()).toBe(1);
    await at.close();
  });

  it('makes a deleted consumer anew', async () => {
    const at = await world();
    await at.make(1);
    await expectNoted(at, 1);
    // nats-server 2.9 may write a file into the folder that it is deleting, says so, and has deleted it all the same.
    await inBroker(nats, (manager) => manager.consumers.delete('ROLLCALL', 'taker-first-maker-several')).catch((error: Error) => expect(error.message).toContain('directory not empty'));
    await at.make(2);
    await expectNoted(at, 2);
    await at.close();
  });

  it('brings a consumer that is new what happened before it', async () => {
    const before = await world({ listeners: [] });
    await before.make(1, 2, 3);
    await eventually(async () => expect(await before.unpublished()).toBe(0));
    await before.close();
    const after = await world({ databaseUrl: before.databaseUrl });
    await expectNoted(after, 3);
    await after.close();
  });

  it('shares the events among replicas', async () => {
    const handled = { one: 0, two: 0 };
    const counting = (replica: keyof typeof handled) => ({
      ...noting('first'),
      handler: async (...[event, commit]: Parameters<ReturnType<typeof noting>['handler']>) => {
        handled[replica] += 1;
        await pause(10);
        await noting('first').handler(event, commit);
      },
    });
    const one = await world({ listeners: [counting('one')], tuning: { concurrency: 2, together: 4 } });
    const two = await world({ databaseUrl: one.databaseUrl, listeners: [counting('two')], tuning: { concurrency: 2, together: 4 } });
    let made = 0;
    // A replica that asks for its first events late finds none of the first lot left.
    await eventually(async () => {
      await one.make(...numbers(made + 60).slice(made));
      made += 60;
      await expectNoted(one, made);
      expect(Math.min(handled.one, handled.two)).toBeGreaterThan(5);
    });
    expect(handled.one + handled.two).toBe(made);
    await one.close();
    await two.close();
  });

  /** Bodies of the messages in the store that hold several events: how many. */
  const together = () => inBroker(nats, async (manager) => {
    const { state } = await manager.streams.info('ROLLCALL');
    const messages = await Promise.all(Array.from({ length: state.messages }, (_, place) => manager.streams.getMessage('ROLLCALL', { seq: state.first_seq + place })));
    return messages.map((message) => message!.json<{ events?: unknown[] }>().events?.length ?? 1);
  });

  it('has events that are committed together share messages, and each of them handled by itself', async () => {
    const choosy = { ...noting('first'), handler: (...[event, commit]: Parameters<ReturnType<typeof noting>['handler']>) => (numberOf(event) === 7 ? Promise.reject(new Error('not that one')) : noting('first').handler(event, commit)) };
    const at = await world({ listeners: [choosy] });
    await at.maker.withTransaction((tx) => at.append(tx, ...numbers(300)));
    await eventually(async () => expect(await notes(at.taker, 'first')).toEqual(numbers(300).filter((number) => number !== 7)));
    expect(await together()).toEqual([128, 128, 44]);
    await eventually(async () => expect((await at.deadLetters.count()).map(({ count }) => Number(count))).toEqual([1]));
    await at.close();
  });

  it('has none share a message while a version before takes them, and goes on where that had come to', async () => {
    const maker = await world({ listeners: [] });
    await inBroker(nats, async (manager) => {
      await manager.consumers.add('ROLLCALL', { durable_name: 'taker-first-maker', ack_policy: AckPolicy.Explicit, deliver_policy: DeliverPolicy.All, filter_subject: 'events.maker.>' });
      let made = 0;
      const make = () => maker.maker.withTransaction((tx) => maker.append(tx, (made += 1), (made += 1)));
      // Once the maker has seen that there is one.
      await eventually(async () => {
        await make();
        await eventually(async () => expect(await storedEvents(nats)).toBe(made));
        expect((await together()).at(-1)).toBe(1);
      });
      const older = await manager.jetstream().consumers.get('ROLLCALL', 'taker-first-maker');
      let taken = 0;
      while (taken < made / 2) {
        const message = (await older.next({ expires: 5_000 }))!;
        taken += message.json<{ events?: unknown[] }>().events?.length ?? 1;
        expect(await message.ackAck()).toBe(true);
      }
      const at = await world({ databaseUrl: maker.databaseUrl });
      await eventually(async () => expect((await notes(at.taker, 'first')).at(-1)).toBe(made));
      expect(await notes(at.taker, 'first')).toEqual(numbers(made).slice(taken));
      // Nobody takes by the old name any more.
      await eventually(async () => {
        await make();
        await eventually(async () => expect(await storedEvents(nats)).toBe(made));
        expect((await together()).at(-1)).toBe(2);
      });
      await eventually(async () => expect(await notes(at.taker, 'first')).toEqual(numbers(made).slice(taken)));
      await at.close();
    });
    await maker.close();
  });

  it('gives a consumer that exists the settings of this version', async () => {
    const ackWait = () => inBroker(nats, async (manager) => (await manager.consumers.info('ROLLCALL', 'taker-first-maker-several')).config.ack_wait);
    const before = await world({ tuning: { ackWaitMs: 5_000 } });
    await eventually(async () => expect(await ackWait()).toBe(5e9));
    await before.close();
    const after = await world({ tuning: { ackWaitMs: 6_000 } });
    await eventually(async () => expect(await ackWait()).toBe(6e9));
    await after.make(1);
    await expectNoted(after, 1);
    await after.close();
  });

  it('delivers again what a process took that was killed', async () => {
    let takes = 0;
    const stuck = { ...noting('first'), handler: () => new Promise<void>(() => void (takes += 1)) };
    const first = await world({ listeners: [stuck], tuning: { ackWaitMs: 60_000, drainMs: 50 } });
    await first.make(1);
    await eventually(() => expect(takes).toBe(1));
    await first.close(); // cut off, and silent from now on
    const second = await world({ databaseUrl: first.databaseUrl, tuning: { ackWaitMs: 1_000 } });
    await expectNoted(second, 1);
    await second.close();
  });

  it('passes over messages that are no events, and has nothing to say of those that name none that it wants', async () => {
    const at = await world();
    for (const body of ['not JSON', 'not JSON, "maker.thing.happened"']) await inBroker(nats, (manager) => manager.jetstream().publish('events.maker.thing.happened', body));
    await at.make(1);
    await expectNoted(at, 1);
    const state = () => inBroker(nats, (manager) => manager.consumers.info('ROLLCALL', 'taker-first-maker-several'));
    await eventually(async () => expect(await state()).toMatchObject({ num_pending: 0, num_ack_pending: 0 }));
    expect(at.log.atLeast(50)).toMatchObject([{ streamSequence: 2, msg: 'a message in the event stream is no event, passing it over' }]);
    await at.close();
  });
});

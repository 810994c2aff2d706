import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '#libs/platform/database';
import { eventually, pause, testDatabase } from '#libs/platform/testing';
import { upkeepEntities, upkeepMigrations, UpkeepSteps, UpkeepTuning, type StepClock, type StepOutcome } from './index.js';

const budgetMs = 60_000;

describe('steps of upkeep', () => {
  let database: Database;
  let counter = 0;

  beforeAll(async () => {
    ({ database } = await testDatabase('kept', { entities: upkeepEntities, migrations: upkeepMigrations }));
  });

  const replica = (changes: Partial<UpkeepTuning> = {}) => new UpkeepSteps(database, new UpkeepTuning({ lookMs: 10, renewMs: 20, ...changes }));
  const aTask = () => `task-${(counter += 1)}`;
  const nothing = () => Promise.reject(new Error('it is done already'));
  const heldRow = async (task: string) => database.query<{ holder: string }>('SELECT holder FROM upkeep_holds WHERE task = $1', [task]);

  /** A step that goes on until it is told to end, or to stop. */
  function longStep(outcome: StepOutcome) {
    let end: () => void = () => undefined;
    let began: () => void = () => undefined;
    const ended = new Promise<StepOutcome>((resolve) => (end = () => resolve(outcome)));
    const begun = new Promise<void>((resolve) => (began = resolve));
    let clock: StepClock | undefined;
    const step = (given: StepClock): Promise<StepOutcome> => {
      clock = given;
      began();
      return ended;
    };
    return { step, end, begun, clock: () => clock! };
  }

  it('go on one at a time in all replicas, and of each task by itself', async () => {
    const [task, replicas] = [aTask(), [replica(), replica(), replica()]];
    let running = 0;
    let most = 0;
    const step = async (): Promise<StepOutcome> => {
      most = Math.max(most, (running += 1));
      await pause(10);
      running -= 1;
      return { counts: { steps: 1 }, more: false };
    };
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, index) => replicas[index % 3]!.run(task, budgetMs, step)));
    expect(most).toBe(1);
    expect(outcomes.every(({ counts }) => counts['steps'] === 1)).toBe(true);
    expect(await heldRow(task)).toEqual([]);

    const other = longStep({ counts: {}, more: false });
    const long = replicas[0]!.run(aTask(), budgetMs, other.step);
    await other.begun;
    expect(await replicas[0]!.run(task, budgetMs, step)).toEqual({ counts: { steps: 1 }, more: false });
    other.end();
    await long;
  });

  it('that take longer than anybody waits go on, keep others from beginning, and are told of in the end', async () => {
    const [task, here, elsewhere] = [aTask(), replica({ patienceMs: 50, holdMs: 60_000 }), replica({ patienceMs: 50 })];
    const long = longStep({ counts: { rows: 7 }, more: false });
    const goesOn = { counts: {}, more: true };
    expect(await here.run(task, budgetMs, long.step)).toEqual(goesOn);
    expect(await here.run(task, budgetMs, nothing)).toEqual(goesOn);
    expect(await elsewhere.run(task, budgetMs, nothing)).toEqual(goesOn);
    long.end();
    // What came of it is not the end of the task: whoever asks is to ask again.
    expect(await here.run(task, budgetMs, nothing)).toEqual({ counts: { rows: 7 }, more: true });
    expect(await elsewhere.run(task, budgetMs, async () => ({ counts: {}, more: false }))).toEqual({ counts: {}, more: false });
  });

  it('are held for as long as they last, however long that is', async () => {
    const [task, here, elsewhere] = [aTask(), replica({ holdMs: 500, renewMs: 50 }), replica({ patienceMs: 20 })];
    const long = longStep({ counts: {}, more: false });
    const running = here.run(task, budgetMs, long.step);
    await long.begun;
    const until = async () => (await database.query<{ at: string }>('SELECT held_until AS at FROM upkeep_holds WHERE task = $1', [task]))[0]!.at;
    const first = await until();
    await eventually(async () => expect((await until()) > first).toBe(true));
    expect(await elsewhere.run(task, budgetMs, nothing)).toEqual({ counts: {}, more: true });
    long.end();
    await running;
  });

  it('of a process that died are taken up by another once their hold is over, and no sooner', async () => {
    const task = aTask();
    await database.execute(`INSERT INTO upkeep_holds VALUES ($1, gen_random_uuid(), now() + interval '1 minute')`, [task]);
    expect(await replica({ patienceMs: 50 }).run(task, budgetMs, nothing)).toEqual({ counts: {}, more: true });
    await database.execute(`UPDATE upkeep_holds SET held_until = now() - interval '1 second' WHERE task = $1`, [task]);
    expect(await replica().run(task, budgetMs, async () => ({ counts: { rows: 1 }, more: false }))).toEqual({ counts: { rows: 1 }, more: false });
  });

  it('stop, and leave the hold alone, when somebody else has it', async () => {
    const [task, here] = [aTask(), replica()];
    const long = longStep({ counts: {}, more: false });
    const running = here.run(task, budgetMs, long.step);
    await long.begun;
    expect([long.clock().timeIsUp(), long.clock().mustStop()]).toEqual([false, false]);
    await database.execute('UPDATE upkeep_holds SET holder = gen_random_uuid() WHERE task = $1', [task]);
    await eventually(async () => expect([long.clock().timeIsUp(), long.clock().mustStop()]).toEqual([true, true]));
    long.end();
    await running;
    expect(await heldRow(task)).toHaveLength(1);
  });

  it('stop when they could not say for long that they go on, though nobody else has begun', async () => {
    const here = replica({ lostMs: 50, renewMs: 60_000 });
    const long = longStep({ counts: {}, more: false });
    const running = here.run(aTask(), budgetMs, long.step);
    await long.begun;
    await eventually(async () => expect(long.clock().mustStop()).toBe(true));
    long.end();
    await running;
  });

  it('say what they failed with, to whoever waits or asks next', async () => {
    const [task, here] = [aTask(), replica({ patienceMs: 30 })];
    await expect(here.run(task, budgetMs, () => Promise.reject(new Error('at once')))).rejects.toThrow('at once');
    let fail: () => void = () => undefined;
    await here.run(task, budgetMs, () => new Promise((_, reject) => (fail = () => reject(new Error('late')))));
    fail();
    await expect(here.run(task, budgetMs, nothing)).rejects.toThrow('late');
    expect(await here.run(task, budgetMs, async () => ({ counts: {}, more: false }))).toEqual({ counts: {}, more: false });
  });

  it('keep nobody waiting in a process that stops, and have no more time there', async () => {
    const here = replica();
    const long = longStep({ counts: {}, more: false });
    const waiting = here.run(aTask(), budgetMs, long.step);
    await long.begun;
    here.beforeApplicationShutdown();
    expect(await waiting).toEqual({ counts: {}, more: true });
    expect(long.clock().timeIsUp()).toBe(true);
    long.end();
  });

  it('let everything else have its turn while somebody asks a process that stops, again and again', async () => {
    const [task, here] = [aTask(), replica()];
    const long = longStep({ counts: {}, more: false });
    const waiting = here.run(task, budgetMs, long.step);
    await long.begun;
    here.beforeApplicationShutdown();
    await waiting;
    let hadItsTurn = false;
    setImmediate(() => (hadItsTurn = true));
    for (let times = 0; times < 10_000 && !hadItsTurn; times += 1) expect(await here.run(task, budgetMs, nothing)).toEqual({ counts: {}, more: true });
    expect(hadItsTurn).toBe(true);
    long.end();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause, type Part, type ProcessName } from '#libs/platform/testing';
import { answerOf, atOnce, platform, secondsSince, seen, topology } from './fault-world.js';
import { keyAndSecret as basic, unique } from './platform-under-test.js';

const commits = 50_000;
const kills = topology === 'services' ? 100 : 20;
/** Two replicas that relay in turns; all in one there is one process. */
const processes: readonly ProcessName[] = topology === 'services' ? ['profiles', 'profiles#2'] : ['all'];
const lagLimitMs = 10_000;

describe('kill -9 of the process that relays, again and again, while users are written', () => {
  const prefix = unique('relay');
  const start = performance.now();

  beforeAll(async () => {
    if (topology === 'services') await platform.launchUntilReady('profiles#2');
  });

  afterAll(async () => {
    await platform.restore();
  });

  it('loses no event and doubles no effect, and is up to date seconds after the last kill', async () => {
    const acknowledged: string[] = [];
    let killed = 0;
    const writing = atOnce(async (client) => {
      for (let next = 0; acknowledged.length < commits || killed < kills; next += 1) {
        const uid = `${prefix}-${client}-${next}`;
        const { status } = await answerOf(platform.api.post('/v1/users', { basic, body: { id: uid, first_name: uid } }));
        if (status === 200) acknowledged.push(uid);
        else await pause(20); // nobody is there
      }
    }, 16);
    for (; killed < kills; killed += 1) {
      // Whichever of the two relays now: the other one is killed next.
      const name = processes[killed % processes.length]!;
      await platform.kill(name);
      if (topology === 'services') await platform.launchUntilReady(name);
      else await platform.launch(name as Part).then(() => platform.untilReady());
    }
    await writing;

    const restarted = performance.now();
    const [written] = await platform.query<{ count: string }>('profiles', 'SELECT count(*) FROM outbox');
    await eventually(async () => {
      expect(await platform.query('profiles', 'SELECT FROM outbox WHERE published_at IS NULL LIMIT 1')).toEqual([]);
      const outbox = await platform.query<{ id: string }>('profiles', `SELECT id FROM outbox WHERE NOT data ? 'poison'`);
      const feed = new Set((await platform.query<{ id: string }>('operations', 'SELECT event_id AS id FROM feed')).map(({ id }) => id));
      expect(outbox.filter(({ id }) => !feed.has(id))).toEqual([]);
    }, 60_000);
    const lag = secondsSince(restarted);

    // One event for each user that was stored, whether or not anybody was told, and each event's effects once.
    const stored = await platform.query<{ user_id: string; uid: string }>('profiles', 'SELECT user_id, external_id AS uid FROM users WHERE external_id LIKE $1 AND first_name = external_id', [`${prefix}-%`]);
    const there = new Set(stored.map(({ uid }) => uid));
    const told = await platform.query<{ user_id: string; times: string }>('operations', `SELECT data->>'userId' AS user_id, count(*) AS times FROM feed WHERE type = 'profiles.user.changed' GROUP BY 1`);
    const times = new Map(told.map((row) => [row.user_id, Number(row.times)]));
    const lost = stored.filter(({ user_id }) => times.get(user_id) === undefined);
    const doubled = stored.filter(({ user_id }) => times.get(user_id)! > 1);
    seen('relay killed', { kills, commits: stored.length, acknowledged: acknowledged.length, events: Number(written?.count), lost: lost.length, doubled: doubled.length, 'lag after the last restart, s': lag, 'all in s': secondsSince(start) });
    expect(acknowledged.filter((uid) => !there.has(uid))).toEqual([]);
    expect(stored.length).toBeGreaterThanOrEqual(commits);
    expect([lost, doubled]).toEqual([[], []]);
    expect(lag * 1_000).toBeLessThan(lagLimitMs);
  }, 3_000_000); // a hundred starts, on whatever machine
});

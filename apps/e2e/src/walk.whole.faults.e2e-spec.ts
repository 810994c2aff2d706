import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually, pause } from '#libs/platform/testing';
import { platform, seen, sized, topology } from './fault-world.js';
import { Choices, Walk } from './walk-actors.js';
import { mustBeQuiet, wrongIn } from './walk-checks.js';

// Another one each time. Where it finds something, give it that one: every actor chooses the same again, and they meet in much the same places.
const seed = Number(process.env['ROLLCALL_WALK_SEED'] ?? Date.now() % 1_000_000);
const [rounds, secondsOfRound, kills] = sized([1, 10, 1], [2, 40, 5]);

describe(`actors who do anything to the same few users, while processes are killed (ROLLCALL_WALK_SEED=${seed})`, () => {
  afterAll(async () => {
    await platform.restore();
  });

  it.each(Array.from({ length: rounds }, (_, round) => round))('leave what every surface, list, count, segment and the feed tell alike, and nothing of who is erased (%i)', async (round) => {
    const walk = new Walk(seed + 100 * round);
    await walk.begin();
    const exitsBefore = platform.unexpectedExits.length;
    const choose = new Choices(walk.seed + 99);
    const walking = walk.go();
    for (let kill = 0; kill < kills; kill += 1) {
      await pause((secondsOfRound / kills) * 1_000 * (0.5 + choose.below(100) / 200));
      const part = choose.of(platform.parts());
      await platform.kill(part);
      await platform.launch(part);
      await platform.untilReady();
    }
    walk.stop();
    await walking;
    await eventually(() => mustBeQuiet(walk), 120_000);
    // Members of segments follow within a second.
    const wrong = await eventually(async () => {
      const found = await wrongIn(walk);
      expect(found).toEqual([]);
      return found;
    }, 5_000);
    expect({ mistakes: walk.mistakes, wrong, exits: platform.unexpectedExits.slice(exitsBefore) }).toEqual({ mistakes: [], wrong: [], exits: [] });
    seen(`a random walk of seed ${walk.seed} (${topology})`, { requests: walk.requests, 'acknowledged writes': walk.writes.length, kills });
  }, 400_000);
});

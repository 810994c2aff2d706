import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { Scalar } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { compileVerdicts } from './compile-rule.js';
import { parseRule } from './parse-rule.js';
import { fits, type Json, type RuleUser } from './spec-support/plain-rules.js';
import { RandomRules, texts, times, values } from './spec-support/random-rules.js';

const realmId = uuidv7();
const random = new RandomRules(20_261_126);
const users: RuleUser[] = [];
let app: ProfilesUnderTest;

beforeAll(async () => {
  app = await profilesUnderTest();
  for (let n = 0; n < 60; n += 1) users.push(someUser(`u${n}`));
  await app.database.execute(
    `INSERT INTO users (realm_id, user_id, external_id, display_name, first_name, last_name, email, phone, city, country, region, timezone, is_account, first_seen_at, last_seen_at, attributes, created_at, created_by, modified_at, modified_by, version)
     SELECT $1, gen_random_uuid(), u.id, u.name, u.first_name, u.last_name, u.email, u.phone, u.city, u.country, u.region, u.timezone, u.is_account, u.first_seen_at, u.last_seen_at, u.attributes, u.created_at, 's', now(), 's', 1
     FROM json_to_recordset($2::json) AS u (id text, name text, first_name text, last_name text, email text, phone text, city text, country text, region text, timezone text, is_account boolean, first_seen_at timestamptz, last_seen_at timestamptz, attributes jsonb, created_at timestamptz)`,
    [realmId, JSON.stringify(users.map(({ standard, attributes }) => ({ ...standard, attributes: Object.fromEntries(attributes) })))],
  );
  await app.database.execute(
    `INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event)
     SELECT $1, u.user_id, now() - make_interval(days => e.days), e.id, e.event FROM json_to_recordset($2::json) AS e (uid text, id text, event text, days integer) JOIN users u ON u.realm_id = $1 AND u.external_id = e.uid`,
    [realmId, JSON.stringify(users.flatMap(({ standard, events }) => events.map(({ event, days }, n) => ({ uid: standard['id'], id: String(n), event, days }))))],
  );
});

function someUser(id: string): RuleUser {
  const some = <T>(from: readonly T[]) => random.oneOf<T | null>([null, ...from]);
  const attributes = new Map<string, Scalar>();
  for (const key of ['a', 'b', '__proto__', 'é\'$1']) if (random.chance(0.7)) attributes.set(key, random.oneOf(values));
  return {
    standard: {
      id, name: some(texts), first_name: some(texts), last_name: some(texts), email: some(texts), phone: some(texts), city: some(texts), country: some(texts), region: some(texts), timezone: some(texts),
      is_account: random.chance(0.5), created_at: random.oneOf(times), first_seen_at: some(times), last_seen_at: some(times),
    },
    attributes,
    events: [...Array(random.below(5)).keys()].map(() => ({ event: random.oneOf(['Paid', 'x']), days: random.oneOf([0, 5, 20, 400]) })),
  };
}

describe('a compiled rule', () => {
  it('finds whom the rule means, whatever it is and whatever users have: 600 random rules, 60 random users', async () => {
    for (let batch = 0; batch < 30; batch += 1) {
      const rules = new Map([...Array(20).keys()].map(() => [uuidv7(), random.rule(3)] as const));
      // As text and back, as rules come and are kept: `__proto__` is a key like any other.
      const segments = [...rules].map(([segmentId, rule]) => ({ segmentId, rule: parseRule(JSON.parse(JSON.stringify(rule))) }));
      const { text, parameters } = compileVerdicts(segments, 2);
      const rows = await app.database.query<{ segmentId: string; fits: boolean | null; uid: string }>(
        `SELECT s.segment_id AS "segmentId", s.fits, u.external_id AS uid FROM users u CROSS JOIN LATERAL ${text} AS s (segment_id, fits) WHERE u.realm_id = $1`,
        [realmId, ...parameters],
      );
      expect(rows).toHaveLength(20 * users.length);
      const byUid = new Map(users.map((user) => [user.standard['id'], user]));
      for (const { segmentId, fits: found, uid } of rows) {
        const rule = rules.get(segmentId)!;
        if (found !== fits(rule, byUid.get(uid)!)) expect({ rule: JSON.stringify(rule), user: byUid.get(uid), found }).toBe('the other way round');
      }
    }
  });

  it('never fails, whatever a caller makes of a rule: it is refused, or it finds somebody or nobody', async () => {
    let refused = 0;
    for (let n = 0; n < 400; n += 1) {
      const given: Json = random.nonsense(4);
      let segments;
      try {
        segments = [{ segmentId: uuidv7(), rule: parseRule(given) }];
      } catch (error) {
        expect(error).toMatchObject({ value: { kind: 'invalid', code: 'invalid-segment', details: expect.arrayContaining([expect.objectContaining({ path: expect.stringMatching(/^rule/) })]) } });
        refused += 1;
        continue;
      }
      const { text, parameters } = compileVerdicts(segments, 2);
      await app.database.query(`SELECT s.fits FROM users u CROSS JOIN LATERAL ${text} AS s (segment_id, fits) WHERE u.realm_id = $1`, [realmId, ...parameters]);
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(400);
  });
});

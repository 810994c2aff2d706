import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '#libs/platform/config';
import { isFailure } from '#libs/platform/errors';
import { DataKeys } from '#libs/platform/keys';
import { identityConfig } from '../identity.config.js';
import { specMasterKey } from '../spec-support/identity-app.js';
import { HashingPool } from './hashing-pool.js';
import { usualThreads } from './hashing-threads.js';
import { PasswordHasher } from './password-hasher.js';

describe('the password hasher', () => {
  const config = (environment: Record<string, string> = {}) =>
    readConfig([identityConfig], { ROLLCALL_MASTER_KEY: specMasterKey, ...environment }).values.get(identityConfig.token) as ConstructorParameters<typeof HashingPool>[0];
  let pool: HashingPool;
  let hasher: PasswordHasher;

  beforeAll(() => {
    pool = new HashingPool(config({ PASSWORD_HASH_QUEUE: '4' }));
    hasher = new PasswordHasher(pool, DataKeys.of(randomBytes(32)), config());
  });
  afterAll(() => pool.onApplicationShutdown());

  it('makes argon2id hashes of the documented strength by default, each with a salt of its own', async () => {
    const [one, two] = [await hasher.hash('correct horse'), await hasher.hash('correct horse')];
    // 16 bytes of salt are 22 characters of base64, 32 bytes of tag 43.
    for (const hash of [one, two]) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify(one, 'correct horse')).toBe(true);
    expect(await hasher.verify(one, 'correct horsf')).toBe(false);
    expect(await hasher.verify(null, 'correct horse')).toBe(false);
  });

  it('finds no password right that has half of a surrogate pair: UTF-8 writes the same for all halves', async () => {
    const hash = await hasher.hash('correct \ud800 battery');
    for (const password of ['correct \ud800 battery', 'correct \udfff battery']) expect(await hasher.verify(hash, password)).toBe(false);
    // What UTF-8 writes is a character of its own, which somebody may have.
    expect(await hasher.verify(hash, 'correct \ufffd battery')).toBe(true);
    expect(await hasher.verify(await hasher.hash('correct 🐎 battery'), 'correct 🐎 battery')).toBe(true);
  });

  it('knows hashes that are weaker than new ones', () => {
    const hash = (parameters: string, algorithm = 'argon2id') => `$${algorithm}$v=19$${parameters}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    expect(hasher.isOutdated(hash('m=19456,t=2,p=1'))).toBe(false);
    expect(hasher.isOutdated(hash('m=65536,t=3,p=2'))).toBe(false);
    expect(hasher.isOutdated(hash('m=19455,t=2,p=1'))).toBe(true);
    expect(hasher.isOutdated(hash('m=19456,t=1,p=1'))).toBe(true);
    expect(hasher.isOutdated(hash('m=19456,t=2,p=1', 'argon2i'))).toBe(true);
  });

  it('refuses what does not fit into the queue, and does what does', async () => {
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => hasher.hash('correct horse')));
    const done = results.filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(usualThreads(19_456) + 4);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ value: { code: 'hashing-overloaded', retryAfter: 1 } });
  });

  it('hashes as many at a time as it is set to', async () => {
    const threads = availableParallelism() + 1;
    const set = new HashingPool(config({ PASSWORD_HASH_THREADS: String(threads), PASSWORD_HASH_QUEUE: '4' }));
    const wider = new PasswordHasher(set, DataKeys.of(randomBytes(32)), config());
    const hashes = Promise.allSettled(Array.from({ length: 100 }, () => wider.hash('correct horse')));
    expect(set.figures()).toEqual({ busy: threads, waiting: 4 });
    expect((await hashes).filter(({ status }) => status === 'fulfilled')).toHaveLength(threads + 4);
    await set.onApplicationShutdown();
  });

  it('answers each of many by itself, whatever else is looked at together with it', async () => {
    const wide = new HashingPool(config());
    const crowded = new PasswordHasher(wide, DataKeys.of(randomBytes(32)), config());
    const hash = await crowded.hash('correct horse');
    const broken = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$A`;
    const words = Array.from({ length: 40 }, (_, place) => (place % 5 === 0 ? 'broken' : place % 5 === 1 ? 'late' : place % 2 === 0 ? 'right' : 'wrong'));
    const asked = words.map((word) => crowded.verify(word === 'broken' ? broken : hash, word === 'right' ? 'correct horse' : 'wrong horse', word === 'late' ? Date.now() + 1 : undefined));
    const answers = (await Promise.allSettled(asked)).map((one) => (one.status === 'fulfilled' ? (one.value ? 'right' : 'wrong') : isFailure(one.reason, 'hashing-overloaded') ? 'late' : 'broken'));
    // The first ones may be begun in time.
    expect(answers.slice(5)).toEqual(words.slice(5));
    await wide.onApplicationShutdown();
  });

  it('lets nobody wait behind more than one hash that takes long, however many of these were there before', async () => {
    const single = new HashingPool(config({ PASSWORD_HASH_THREADS: '1' }));
    const shared = new PasswordHasher(single, DataKeys.of(randomBytes(32)), config());
    const hash = await shared.hash('correct horse');
    const costly = `$argon2id$v=19$m=65536,t=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    const order: string[] = [];
    const asked = [...Array(6).fill(costly), ...Array(6).fill(hash)].map((stored: string) => shared.verify(stored, 'correct horse').then(() => order.push(stored === costly ? 'costly' : 'usual')));
    await Promise.all(asked);
    // They have half of the time, in which many of the usual ones are done.
    expect([order.indexOf('usual'), order.slice(-3)]).toEqual([1, Array(3).fill('costly')]);
    await single.onApplicationShutdown();
  });

  it('does not begin what nobody waits for any more', async () => {
    const error: unknown = await hasher.hash('correct horse', Date.now() - 1).catch((reason: unknown) => reason);
    expect(isFailure(error, 'hashing-overloaded')).toBe(true);
    expect(await hasher.hash('correct horse', Date.now() + 5_000)).toMatch(/^\$argon2id/);
  });

  it('leaves the threads that files and name look-ups wait for alone', async () => {
    const busy = Array.from({ length: usualThreads(19_456) + 4 }, () => hasher.hash('correct horse'));
    let finished = false;
    void Promise.all(busy).then(() => (finished = true));
    const reads = Promise.all(Array.from({ length: 4 }, () => import('node:fs/promises').then(({ readdir }) => readdir('/'))));
    expect(await reads).toEqual(Array(4).fill(readdirSync('/')));
    expect(finished).toBe(false);
    await Promise.all(busy);
  });

  it('says what is wrong with a hash that is none, and goes on', async () => {
    await expect(hasher.verify('not a hash', 'correct horse')).rejects.toThrow('a stored password hash has a form that is not known');
    await expect(hasher.verify(`$argon2id$v=19$m=1,t=1,p=9$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'correct horse')).rejects.toThrow('password hashing failed');
    expect(await hasher.hash('correct horse')).toMatch(/^\$argon2id/);
  });
});

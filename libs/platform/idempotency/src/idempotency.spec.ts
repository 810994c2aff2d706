import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Database, Transaction } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { DataKeys } from '#libs/platform/keys';
import type { CallContext } from '#libs/platform/messages';
import { testDatabase } from '#libs/platform/testing';
import { createIdempotencyKeys, dropIdempotencyKeys, idempotencyEntities } from './database/tables.js';
import { Idempotency } from './idempotency.js';
import { trimIdempotencyKeys } from './trim-idempotency-keys.js';

class Tables1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createIdempotencyKeys(runner);
    await runner.query('CREATE TABLE made (id uuid PRIMARY KEY, name text NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE made');
    await dropIdempotencyKeys(runner);
  }
}

let database: Database;
const idempotency = new Idempotency(DataKeys.of(Buffer.alloc(32, 1)));
beforeAll(async () => {
  ({ database } = await testDatabase('spec', { entities: idempotencyEntities, migrations: [Tables1700000000002] }));
});

const scopeId = randomUUID();
const contextOf = (key: string, request = 'request', more: { scopeId?: string; subject?: string } = {}): CallContext => ({ requestId: 'spec', idempotency: { scopeId, key, request, ...more } });

/** Makes a thing, once under a key; answers its id and name. */
async function make(context: CallContext, name = 'a thing', during: () => Promise<void> = () => Promise.resolve()): Promise<{ id: string; name: string }> {
  return database.withTransaction((tx) =>
    idempotency.once(tx, context, {
      work: async () => {
        const id: string = randomUUID();
        await tx.execute('INSERT INTO made VALUES ($1, $2)', [id, name]);
        await during();
        return { id, name };
      },
      refer: ({ id }) => ({ id }),
      again: async ({ id }) => (await tx.query<{ id: string; name: string }>('SELECT id, name FROM made WHERE id = $1', [id]))[0]!,
    }),
  );
}

const codeOf = (made: Promise<unknown>) =>
  made.then(
    () => 'ok',
    (error: unknown) => (isFailure(error) ? error.value.code : String(error)),
  );
const countOf = async (name: string) => (await database.query<{ count: number }>('SELECT count(*) FROM made WHERE name = $1', [name]))[0]!.count;

describe('a change under an idempotency key', () => {
  it('is made once, and answered each time by what is there now', async () => {
    const first = await make(contextOf('once'), 'once');
    await database.execute('UPDATE made SET name = $1 WHERE id = $2', ['once, renamed', first.id]);
    expect(await make(contextOf('once'), 'once')).toEqual({ id: first.id, name: 'once, renamed' });
    expect([await countOf('once'), await countOf('once, renamed')]).toEqual([0, 1]);
  });

  it('refuses another request under the key, and changes nothing', async () => {
    await make(contextOf('other'));
    expect(await codeOf(make(contextOf('other', 'another request'), 'never'))).toBe('idempotency-key-reused');
    expect(await countOf('never')).toBe(0);
  });

  it('that is refused gives the key back, to any request', async () => {
    expect(await codeOf(make(contextOf('refused'), 'refused', () => Promise.reject(new Error('no'))))).toBe('Error: no');
    expect(await codeOf(make(contextOf('refused', 'another request')))).toBe('ok');
  });

  it('is refused, and does not wait, while a twin is at work; the twin is answered again afterwards', async () => {
    let seen = '';
    const first = await make(contextOf('twins'), 'twins', async () => {
      seen = await codeOf(make(contextOf('twins'), 'twins'));
    });
    expect(seen).toBe('idempotency-key-in-use');
    expect(await make(contextOf('twins'))).toEqual(first);
  });

  it('is made once when ten ask for it at the same time', async () => {
    const codes = await Promise.all(Array.from({ length: 10 }, () => codeOf(make(contextOf('ten'), 'ten'))));
    expect(codes.filter((code) => code !== 'ok' && code !== 'idempotency-key-in-use')).toEqual([]);
    expect(codes).toContain('ok');
    expect(await countOf('ten')).toBe(1);
  });

  it('knows a key by its scope and by the message that is served', async () => {
    const made = [contextOf('where'), contextOf('where', 'r', { scopeId: randomUUID() }), contextOf('where', 's', { subject: 'spec.thing.make' })];
    for (const context of made) expect(await codeOf(make(context))).toBe('ok');
  });

  it('is another one after 24 hours; keys are deleted then and not before', async () => {
    const age = ({ id }: { id: string }, hours: number) => database.execute(`UPDATE idempotency_keys SET claimed_at = now() - make_interval(hours => $1) WHERE reference ->> 'id' = $2`, [hours, id]);
    await age(await make(contextOf('old')), 25);
    await age(await make(contextOf('older')), 25);
    await age(await make(contextOf('young')), 23);
    expect(await codeOf(make(contextOf('old', 'another request')))).toBe('ok');
    expect(await trimIdempotencyKeys(database)).toBe(1);
    expect([await codeOf(make(contextOf('young', 'another request'))), await codeOf(make(contextOf('older', 'another request')))]).toEqual(['idempotency-key-reused', 'ok']);
  });

  it('costs not one statement without a key', async () => {
    const none = (): never => {
      throw new Error('a statement');
    };
    const tx: Transaction = { query: none, execute: none, queryTogether: none, send: none, atCommit: none, afterCommit: none };
    const once = { work: () => Promise.resolve('done'), refer: () => ({}), again: () => Promise.resolve('again') };
    expect(await idempotency.once(tx, { requestId: 'spec' }, once)).toBe('done');
  });

  it('leaves nothing of the key or the request in its row, nor a hash that could be made without the deployment’s key', async () => {
    await make(contextOf('canary-key', 'canary-request'));
    const rows = JSON.stringify(await database.query(`SELECT encode(key_hash, 'hex') AS key, encode(request_hash, 'hex') AS request, reference FROM idempotency_keys`));
    const other = new Idempotency(DataKeys.of(Buffer.alloc(32, 2)));
    expect(rows).not.toContain('canary');
    // Under another master key the same request is a stranger.
    expect(await database.withTransaction((tx) => other.claim(tx, [contextOf('canary-key', 'canary-request')]))).toEqual([{ state: 'fresh' }]);
  });
});

describe('requests that are written together', () => {
  it('each have a claim of their own, and one of two twins is refused', async () => {
    await make(contextOf('g-earlier'));
    const asked = [contextOf('g-1'), { requestId: 'spec' }, contextOf('g-1'), contextOf('g-1', 'another request'), contextOf('g-earlier'), contextOf('g-earlier', 'another request'), contextOf('g-2')];
    const states = await database.withTransaction(async (tx) => {
      const claims = await idempotency.claim(tx, asked);
      await idempotency.settle(tx, [{ context: asked[0]!, reference: { id: 'g-1' } }, { context: asked[6]!, reference: undefined }]);
      return claims.map((claim) => (claim?.state === 'refused' ? claim.failure.value.code : claim?.state));
    });
    expect(states).toEqual(['fresh', undefined, 'idempotency-key-in-use', 'idempotency-key-reused', 'earlier', 'idempotency-key-reused', 'fresh']);
    const after = await database.withTransaction((tx) => idempotency.claim(tx, [contextOf('g-1'), contextOf('g-2', 'another request')]));
    expect(after).toEqual([{ state: 'earlier', reference: { id: 'g-1' } }, { state: 'fresh' }]);
  });
});

import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Queryable, Transaction } from '#libs/platform/database';
import { platformErrors, type Failure } from '#libs/platform/errors';
import { DataKeys } from '#libs/platform/keys';
import type { CallContext, IdempotencyKey } from '#libs/platform/messages';
import { idempotencyKeysRepository, type Reference, type StoredKey } from './idempotency-keys.repository.js';

/** How it stands with the key of a request. `earlier`: the request was answered before, and what came of it. */
export type Claim = { readonly state: 'fresh' } | { readonly state: 'earlier'; readonly reference: Reference } | { readonly state: 'refused'; readonly failure: Failure };

export interface Once<Result, Kept extends Reference> {
  /** Makes the change. Whatever it throws gives the key back. */
  work: () => Promise<Result>;
  /** The ids by which `again` finds the result; undefined: nothing was done yet, and the key is given back. */
  refer: (result: Result) => Kept | undefined;
  /** Answers a request that was answered before, by what is there now. */
  again: (reference: Kept) => Promise<Result>;
}

/**
 * Makes the change of a request once, however often the request is sent under its `Idempotency-Key`: the key is claimed
 * in the transaction of the change, and commits or falls with it. Without a key nothing is asked of the database.
 *
 * Rows hold hashes under a key of this deployment: who has the table alone can't try out what was sent.
 */
@Injectable()
export class Idempotency {
  constructor(private readonly dataKeys: DataKeys) {}

  /**
   * For a change that has a transaction of its own. Call it before anything is locked.
   * @throws Failure `idempotency-key-reused` for another request under the key, `idempotency-key-in-use` while a twin is at work
   */
  async once<Result, Kept extends Reference>(tx: Transaction, context: CallContext, { work, refer, again }: Once<Result, Kept>): Promise<Result> {
    const [claim] = await this.claim(tx, [context]);
    if (claim?.state === 'refused') throw claim.failure;
    if (claim?.state === 'earlier') return again(claim.reference as Kept);
    const result = await work();
    if (claim !== undefined) await this.settle(tx, [{ context, reference: refer(result) }]);
    return result;
  }

  /**
   * For a change in several steps, of which the last claims the key: what came of the request when it was sent before.
   * @throws Failure `idempotency-key-reused`
   */
  async earlier(on: Queryable, { idempotency }: CallContext): Promise<Reference | undefined> {
    if (idempotency === undefined) return undefined;
    const key = this.stored(idempotency);
    const [row] = await idempotencyKeysRepository.find(on, [key]);
    if (row === undefined || row.isOver) return undefined;
    if (!row.requestHash.equals(key.requestHash)) throw reused();
    return row.reference ?? {};
  }

  /**
   * For requests that are written together. Each fresh claim has to be settled in the same transaction.
   * @returns one claim per context, in order; undefined where there is no key
   */
  async claim(tx: Transaction, contexts: readonly CallContext[]): Promise<(Claim | undefined)[]> {
    const claims: (Claim | undefined)[] = [];
    const places = new Map<string, number>();
    contexts.forEach(({ idempotency }, place) => {
      if (idempotency === undefined) return;
      const first = contexts[places.get(nameOf(idempotency)) ?? place]!.idempotency!;
      if (places.has(nameOf(idempotency))) claims[place] = { state: 'refused', failure: first.request === idempotency.request ? inUse() : reused() };
      else places.set(nameOf(idempotency), place);
    });
    if (places.size === 0) return claims;

    const wanted = [...places.values()].map((place) => ({ place, key: this.stored(contexts[place]!.idempotency!) }));
    const taken: typeof wanted = [];
    for (const { place, alone, fresh } of await idempotencyKeysRepository.claim(tx, wanted.map(({ key }) => key))) {
      const asked = wanted[place]!;
      claims[asked.place] = fresh ? { state: 'fresh' } : { state: 'refused', failure: inUse() };
      if (alone && !fresh) taken.push(asked);
    }
    if (taken.length === 0) return claims;
    const rows = new Map((await idempotencyKeysRepository.find(tx, taken.map(({ key }) => key))).map((row) => [row.keyHash.toString('hex'), row]));
    for (const { place, key } of taken) {
      const row = rows.get(key.keyHash.toString('hex'));
      if (row === undefined) continue;
      claims[place] = row.requestHash.equals(key.requestHash) ? { state: 'earlier', reference: row.reference ?? {} } : { state: 'refused', failure: reused() };
    }
    return claims;
  }

  /** @param settled fresh claims with what came of them; without a reference the key is given back */
  async settle(tx: Transaction, settled: readonly { context: CallContext; reference: Reference | undefined }[]): Promise<void> {
    const keys = settled.flatMap(({ context, reference }) => (context.idempotency === undefined ? [] : [{ key: this.stored(context.idempotency), reference }]));
    const referring = keys.flatMap(({ key, reference }) => (reference === undefined ? [] : [{ key, reference }]));
    const released = keys.flatMap(({ key, reference }) => (reference === undefined ? [key] : []));
    if (referring.length > 0) await idempotencyKeysRepository.refer(tx, referring);
    if (released.length > 0) await idempotencyKeysRepository.release(tx, released);
  }

  private stored(idempotency: IdempotencyKey): StoredKey {
    return { scopeId: idempotency.scopeId, keyHash: this.hash(`key\0${nameOf(idempotency)}`), requestHash: this.hash(`request\0${idempotency.request}`) };
  }

  private hash(text: string): Buffer {
    return createHmac('sha256', this.dataKeys.lasting('idempotency keys')).update(text).digest();
  }
}

function nameOf({ scopeId, key, subject = '' }: IdempotencyKey): string {
  return `${scopeId}\0${key}\0${subject}`;
}

function reused(): Failure {
  return platformErrors.failure('idempotency-key-reused', 'This Idempotency-Key was used for another request: send a new one with each request, and the same only when you repeat one.');
}

function inUse(): Failure {
  return platformErrors.failure('idempotency-key-in-use', 'A request with this Idempotency-Key is being answered: wait for it, then send this one again.', { retryAfter: 1 });
}

/** The context without its key: for parts of a change that was claimed as a whole. */
export function withoutIdempotency({ idempotency: _, ...context }: CallContext): CallContext {
  return context;
}

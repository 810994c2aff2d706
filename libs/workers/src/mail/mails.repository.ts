import { Injectable } from '@nestjs/common';
import type { MailOwner, MailState } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { MailOutcome } from './mail-transport.js';

/** What is known of a mail when it is asked for. */
export interface MailOrder {
  realmId: string;
  mailId: string;
  owner: MailOwner;
  userId: string | null;
  template: string;
  /** ISO 8601. */
  requestedAt: string;
  requestId: string;
}

export interface MailRow {
  realmId: string;
  mailId: string;
  owner: MailOwner;
  state: MailState | 'sending';
  requestId: string;
  attempts: number;
  /** Attempts whose outcome nobody knows. */
  lost: number;
}

export type MailKey = Pick<MailRow, 'realmId' | 'mailId'>;

/** A mail that should have a job. */
export interface WaitingMail extends MailRow {
  /** Nothing has begun for far longer than the queue waits between two attempts. */
  isStuck: boolean;
}

/** How often a mail is sent again although it may have arrived. */
export const mayBeSentAgain = 1;
/** For how long a mail server may be away. */
const giveUpAfter = '3 days';

const columns = `realm_id AS "realmId", mail_id AS "mailId", owner, state, request_id AS "requestId", attempts, lost`;

const insert = sql(
  'mails.insert',
  `INSERT INTO mails (realm_id, mail_id, owner, user_id, template, requested_at, request_id)
   SELECT * FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[]), (SELECT $3::text[]), (SELECT $4::uuid[]), (SELECT $5::text[]), (SELECT $6::timestamptz[]), (SELECT $7::text[])) AS given (realm_id, mail_id)
   ORDER BY mail_id ON CONFLICT ON CONSTRAINT mails_pkey DO NOTHING`,
);
const get = sql('mails.get', `SELECT ${columns} FROM mails WHERE mail_id = ANY (ARRAY(SELECT unnest($2::uuid[]))) AND realm_id = ANY (ARRAY(SELECT unnest($1::uuid[])))`);
// Statements about several mails take their rows in one order, so that two of them don't wait for each other.
const held = (condition: string) => `
  (SELECT own.* FROM (SELECT * FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[]), (SELECT $3::integer[])) AS w (realm_id, mail_id, attempts) ORDER BY realm_id, mail_id) AS wanted,
   LATERAL (SELECT realm_id, mail_id FROM mails WHERE mails.realm_id = wanted.realm_id AND mails.mail_id = wanted.mail_id AND ${condition} FOR NO KEY UPDATE) AS own) AS held`;
export const begin = sql(
  'mails.begin',
  `UPDATE mails SET state = 'sending', attempts = attempts + 1, attempted_at = now(), lost = lost + (state = 'sending')::integer
   FROM ${held(`(state = 'queued' OR (state = 'sending' AND attempted_at < now() - make_interval(secs => $4)))`)}
   WHERE mails.realm_id = held.realm_id AND mails.mail_id = held.mail_id
   RETURNING ${columns.replace('realm_id', 'mails.realm_id').replace('mail_id', 'mails.mail_id')}`,
);
// Only the attempt that began it settles it: one that was taken for dead and was not comes too late.
const settle = (name: string, change: string) => sql(`mails.${name}`, `UPDATE mails SET ${change} WHERE realm_id = $1 AND mail_id = $2 AND attempts = $3 AND state = 'sending' RETURNING state`);
export const sent = sql(
  'mails.sent',
  `UPDATE mails SET state = 'sent', finished_at = now(), failure = NULL FROM ${held(`attempts = wanted.attempts AND state = 'sending'`)}
   WHERE mails.realm_id = held.realm_id AND mails.mail_id = held.mail_id RETURNING mails.mail_id AS "mailId"`,
);
export const refused = settle('refused', `state = 'failed', finished_at = now(), failure = $4`);
const delayed = settle(
  'delayed',
  `state = CASE WHEN requested_at < now() - interval '${giveUpAfter}' THEN 'failed' ELSE 'queued' END,
   finished_at = CASE WHEN requested_at < now() - interval '${giveUpAfter}' THEN now() END, failure = $4`,
);
const lost = settle(
  'lost',
  `state = CASE WHEN lost >= ${mayBeSentAgain} THEN 'failed' ELSE 'queued' END, finished_at = CASE WHEN lost >= ${mayBeSentAgain} THEN now() END, lost = lost + 1, failure = $4`,
);
const drop = sql('mails.drop', `UPDATE mails SET state = 'dropped', finished_at = now() WHERE realm_id = $1 AND mail_id = $2 AND state IN ('queued', 'sending')`);
// Longer after an attempt than before the first: while one runs, or the queue is about to repeat it, there is nothing to do. The index of those that wait is asked
// for by `finished_at`, which no statement about mails by their keys names: Postgres would take the index for these too, as long as it had been empty lately.
const listWaiting = sql(
  'mails.list-waiting',
  `SELECT ${columns}, greatest(requested_at, attempted_at) < now() - interval '10 minutes' AS "isStuck" FROM mails
   WHERE finished_at IS NULL AND requested_at < now() - interval '5 seconds' AND (attempted_at IS NULL OR attempted_at < now() - interval '60 seconds')
   ORDER BY requested_at LIMIT $1`,
);
const describe = sql(
  'mails.describe',
  `SELECT mail_id AS "mailId", CASE state WHEN 'sending' THEN 'queued' ELSE state END AS state, finished_at AS "finishedAt" FROM mails WHERE realm_id = $1 AND mail_id = ANY (ARRAY(SELECT unnest($2::uuid[])))`,
);
const listOfUsers = sql('mails.list-of-users', 'SELECT mail_id AS "mailId" FROM mails WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const listOld = sql('mails.list-old', `SELECT realm_id AS "realmId", mail_id AS "mailId" FROM mails WHERE finished_at < now() - make_interval(days => $1) ORDER BY finished_at LIMIT $2`);
// By the whole key: by ids alone all mails there are were read for each erasure.
export const remove = sql('mails.remove', 'DELETE FROM mails USING unnest((SELECT $1::uuid[]), (SELECT $2::uuid[])) AS gone (realm_id, mail_id) WHERE mails.realm_id = gone.realm_id AND mails.mail_id = gone.mail_id');

/** All SQL of `mails`. */
@Injectable()
export class MailsRepository {
  /** What is recorded already stays as it is. */
  insert(tx: Transaction, orders: readonly MailOrder[]): void {
    const of = (value: (order: MailOrder) => string | null) => orders.map(value);
    tx.send(insert, [
      of(({ realmId }) => realmId), of(({ mailId }) => mailId), of(({ owner }) => owner), of(({ userId }) => userId), of(({ template }) => template), of(({ requestedAt }) => requestedAt), of(({ requestId }) => requestId),
    ]);
  }

  /** @returns those that there are, in no order */
  async get(on: Queryable, mails: readonly MailKey[]): Promise<MailRow[]> {
    return on.query<MailRow>(get, [mails.map(({ realmId }) => realmId), mails.map(({ mailId }) => mailId)]);
  }

  /**
   * Records that attempts begin, before anything leaves. One that was begun before and never settled counts as lost.
   * @param leaseSeconds how long an attempt may take before it is taken for dead
   * @returns those that begin; not among them is what is finished, and what another attempt is at
   */
  async begin(on: Queryable, mails: readonly MailKey[], leaseSeconds: number): Promise<MailRow[]> {
    return on.query<MailRow>(begin, [mails.map(({ realmId }) => realmId), mails.map(({ mailId }) => mailId), mails.map(() => null), leaseSeconds]);
  }

  /** Records that the mails were sent. @returns ids of those whose attempt counts: the others are gone, or are not this attempt's any more */
  async sent(on: Queryable, mails: readonly MailRow[]): Promise<Set<string>> {
    const rows = await on.query<{ mailId: string }>(sent, [mails.map(({ realmId }) => realmId), mails.map(({ mailId }) => mailId), mails.map(({ attempts }) => attempts)]);
    return new Set(rows.map(({ mailId }) => mailId));
  }

  /** Records what else became of an attempt. @returns the state that follows; undefined when the mail is gone, or not this attempt's any more */
  async notSent(on: Queryable, { realmId, mailId, attempts }: MailRow, { kind, failure }: Exclude<MailOutcome, { kind: 'sent' }>): Promise<MailRow['state'] | undefined> {
    return (await on.query<{ state: MailRow['state'] }>({ refused, delayed, lost }[kind], [realmId, mailId, attempts, failure]))[0]?.state;
  }

  async drop(on: Queryable, realmId: string, mailId: string): Promise<void> {
    await on.execute(drop, [realmId, mailId]);
  }

  async listWaiting(on: Queryable, limit: number): Promise<WaitingMail[]> {
    return on.query<WaitingMail>(listWaiting, [limit]);
  }

  async describe(on: Queryable, realmId: string, mailIds: readonly string[]): Promise<{ mailId: string; state: MailState; finishedAt: string | null }[]> {
    return on.query(describe, [realmId, mailIds]);
  }

  /** Ids of the mails about these users. */
  async listOfUsers(on: Queryable, realmId: string, userIds: readonly string[]): Promise<string[]> {
    return (await on.query<{ mailId: string }>(listOfUsers, [realmId, userIds])).map(({ mailId }) => mailId);
  }

  /** Mails that were finished so many days ago. */
  async listOld(on: Queryable, days: number, limit: number): Promise<MailKey[]> {
    return on.query<MailKey>(listOld, [days, limit]);
  }

  async remove(on: Queryable, mails: readonly MailKey[]): Promise<number> {
    return on.execute(remove, [mails.map(({ realmId }) => realmId), mails.map(({ mailId }) => mailId)]);
  }
}

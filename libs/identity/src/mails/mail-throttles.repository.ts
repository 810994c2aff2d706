import { sql, type Queryable } from '#libs/platform/database';

// Counted whether it is sent or not: who asks again and again gets no more by it. The row's lock orders those who ask at once.
const take = sql(
  'mail_throttles.take',
  `INSERT INTO mail_throttles AS t (realm_id, throttle_key, sent, ends_at) VALUES ($1, $2, 1, clock_timestamp() + interval '1 hour')
   ON CONFLICT ON CONSTRAINT mail_throttles_pkey DO UPDATE SET
     sent = CASE WHEN t.ends_at <= clock_timestamp() THEN 1 ELSE least(t.sent, 1000000) + 1 END,
     ends_at = CASE WHEN t.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE t.ends_at END
   RETURNING sent`,
);
const sweep = sql('mail_throttles.sweep', 'DELETE FROM mail_throttles WHERE ends_at <= now()');

/** All SQL of `mail_throttles`. */
export const mailThrottlesRepository = {
  /** Counts a mail. @returns whether it is within the limit */
  async take(on: Queryable, realmId: string, key: Buffer, limit: number): Promise<boolean> {
    return (await on.query<{ sent: number }>(take, [realmId, key]))[0]!.sent <= limit;
  },

  async sweep(on: Queryable): Promise<number> {
    return on.execute(sweep);
  },
};

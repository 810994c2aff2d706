import { sql, type Queryable } from '#libs/platform/database';

export interface RevocationsSince {
  /** What to ask with next time. */
  next: number;
  sessionIds: string[];
}

const horizon = 'pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS next';
const start = sql('revocations.start', `SELECT ${horizon}`);
// The snapshot of the question before showed everything of transactions below its horizon. Others may have committed since,
// and are told, some of them twice.
const since = sql(
  'revocations.since',
  `SELECT ${horizon}, told."sessionId" FROM (SELECT 1) one LEFT JOIN (SELECT session_id AS "sessionId" FROM revocations WHERE transaction_id >= $1 ORDER BY transaction_id LIMIT $2) told ON true`,
);
const sweep = sql('revocations.sweep', `DELETE FROM revocations WHERE revoked_at < now() - interval '1 hour'`);

/** All SQL of `revocations` but that of the triggers. */
export const revocationsRepository = {
  async start(on: Queryable): Promise<number> {
    return (await on.query<{ next: number }>(start))[0]!.next;
  },

  async since(on: Queryable, after: number, limit: number): Promise<RevocationsSince> {
    const rows = await on.query<{ next: number; sessionId: string | null }>(since, [after, limit]);
    return { next: rows[0]!.next, sessionIds: rows.map(({ sessionId }) => sessionId).filter((sessionId) => sessionId !== null) };
  },

  async sweep(on: Queryable): Promise<number> {
    return on.execute(sweep);
  },
};

import { Injectable } from '@nestjs/common';
import type { Actor, operations } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { ImportHeader } from './import-header.js';

export interface ImportId {
  projectId: string;
  importId: string;
}

/** An import in the hands of whoever writes it. */
export interface TakenImport extends operations.ImportJob {
  header: ImportHeader | null;
  line: number;
  requestedBy: string;
  requestedByType: Actor['type'];
  requestId: string;
}

/** What a batch adds. */
export interface ImportProgress {
  position: number;
  line: number;
  rows: number;
  created: number;
  updated: number;
  skipped: number;
  failed: number;
  errorsLeftOut: number;
}

export type ImportEnd = Extract<operations.ImportJob['state'], 'done' | 'failed' | 'cancelled'>;

const columns = `import_id AS "importId", kind, format, dry_run AS "dryRun", state, error, bytes, position AS "bytesRead", row_count AS rows, created, updated, skipped, failed,
  errors_left_out AS "errorsLeftOut", created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;
const taken = `${columns}, header, line, requested_by AS "requestedBy", requested_by_type AS "requestedByType", request_id AS "requestId"`;
const one = 'project_id = $1 AND import_id = $2';

const takeTurn = sql('imports.take-turn', `SELECT pg_advisory_xact_lock(hashtextextended('imports ' || $1::text, 0))`);
const insert = sql(
  'imports.insert',
  `INSERT INTO imports (project_id, import_id, kind, format, dry_run, requested_by, requested_by_type, request_id)
   SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) FROM imports WHERE project_id = $1 AND finished_at IS NULL) < $9`,
);
// What has been written is gone already, but for the part that it ends in.
const spooled = sql('imports.spooled', 'SELECT coalesce(sum(bytes - position), 0)::float8 AS bytes FROM imports WHERE finished_at IS NULL');
const get = sql('imports.get', `SELECT ${columns} FROM imports WHERE ${one}`);
const list = sql('imports.list', `SELECT ${columns} FROM imports WHERE project_id = $1 AND ($2::uuid IS NULL OR import_id < $2) ORDER BY import_id DESC LIMIT $3`);
const lock = sql('imports.lock', `SELECT ${columns} FROM imports WHERE ${one} FOR UPDATE`);
const grow = sql('imports.grow', `UPDATE imports SET bytes = $3, header = coalesce($4::jsonb, header), received_at = now() WHERE ${one}`);
const submit = sql('imports.submit', `UPDATE imports SET state = 'waiting', submitted_at = now() WHERE ${one} AND state = 'uploading' RETURNING ${columns}`);
const end = sql('imports.end', `UPDATE imports SET state = $3, error = $4, finished_at = now(), lease_until = NULL WHERE ${one} AND finished_at IS NULL RETURNING ${columns}`);
const endTaken = sql('imports.end-taken', `UPDATE imports SET state = $4, error = $5, finished_at = now(), lease_until = NULL WHERE ${one} AND lease_id = $3 AND finished_at IS NULL`);
const remove = sql('imports.remove', `DELETE FROM imports WHERE ${one}`);
// As if they had ended long ago: what is too old goes.
const endAll = sql('imports.end-all', `UPDATE imports SET state = CASE WHEN finished_at IS NULL THEN 'cancelled' ELSE state END, finished_at = to_timestamp(0), lease_until = NULL WHERE project_id = $1`);
// In the order in which their files were complete: users come before the events that are about them.
const take = sql(
  'imports.take',
  `WITH next AS (SELECT import_id FROM imports WHERE project_id = $1 AND state IN ('waiting', 'running') ORDER BY submitted_at, import_id LIMIT 1)
   UPDATE imports SET state = 'running', started_at = coalesce(started_at, now()), lease_id = $2, lease_until = now() + make_interval(secs => $3)
   WHERE project_id = $1 AND import_id = (SELECT import_id FROM next) AND state IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until < now()) RETURNING ${taken}`,
);
// One that was cancelled meanwhile still counts what was written, which nothing takes back.
const advance = sql(
  'imports.advance',
  `UPDATE imports SET position = $5, line = $6, row_count = row_count + $7, created = created + $8, updated = updated + $9, skipped = skipped + $10, failed = failed + $11,
     errors_left_out = errors_left_out + $12, lease_until = CASE WHEN state = 'running' THEN now() + make_interval(secs => $13) END
   WHERE ${one} AND lease_id = $3 AND position = $4 AND state IN ('running', 'cancelled') RETURNING state`,
);
const letGo = sql('imports.let-go', `UPDATE imports SET lease_until = NULL WHERE ${one} AND lease_id = $3 AND finished_at IS NULL`);
const waiting = sql('imports.waiting', `SELECT DISTINCT project_id AS "projectId" FROM imports WHERE state IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until < now())`);
const endBrokenOff = sql('imports.end-broken-off', `UPDATE imports SET state = 'failed', error = 'upload-broken-off', finished_at = now() WHERE state = 'uploading' AND received_at < now() - make_interval(secs => $1)`);

/** All SQL of `imports`. */
@Injectable()
export class ImportsRepository {
  /** @returns false when the project has as many unfinished ones as it may have */
  async insert(tx: Transaction, { projectId, importId }: ImportId, job: Pick<operations.ImportJob, 'kind' | 'format' | 'dryRun'>, by: { actor: Actor; requestId: string }, most: number): Promise<boolean> {
    await tx.query(takeTurn, [projectId]);
    return (await tx.execute(insert, [projectId, importId, job.kind, job.format, job.dryRun, by.actor.id, by.actor.type, by.requestId, most])) > 0;
  }

  /** Bytes of all projects that have come and are not written yet. */
  async spooledBytes(on: Queryable): Promise<number> {
    return (await on.query<{ bytes: number }>(spooled))[0]!.bytes;
  }

  async get(on: Queryable, { projectId, importId }: ImportId): Promise<operations.ImportJob | undefined> {
    return (await on.query<operations.ImportJob>(get, [projectId, importId]))[0];
  }

  /** The newest first. */
  async list(on: Queryable, projectId: string, before: string | undefined, limit: number): Promise<operations.ImportJob[]> {
    return on.query<operations.ImportJob>(list, [projectId, before ?? null, limit]);
  }

  async lock(tx: Transaction, { projectId, importId }: ImportId): Promise<operations.ImportJob | undefined> {
    return (await tx.query<operations.ImportJob>(lock, [projectId, importId]))[0];
  }

  /** @param header where this part told it */
  async grow(tx: Transaction, { projectId, importId }: ImportId, bytes: number, header: ImportHeader | undefined): Promise<void> {
    await tx.execute(grow, [projectId, importId, bytes, header === undefined ? null : JSON.stringify(header)]);
  }

  /** @returns undefined when its file was not coming any more */
  async submit(tx: Transaction, { projectId, importId }: ImportId): Promise<operations.ImportJob | undefined> {
    return (await tx.query<operations.ImportJob>(submit, [projectId, importId]))[0];
  }

  /** @returns undefined when it had ended before */
  async end(on: Queryable, { projectId, importId }: ImportId, state: ImportEnd, error: string | null): Promise<operations.ImportJob | undefined> {
    return (await on.query<operations.ImportJob>(end, [projectId, importId, state, error]))[0];
  }

  async endTaken(tx: Transaction, { projectId, importId }: ImportId, leaseId: string, state: ImportEnd, error: string | null): Promise<void> {
    await tx.execute(endTaken, [projectId, importId, leaseId, state, error]);
  }

  async remove(on: Queryable, { projectId, importId }: ImportId): Promise<void> {
    await on.execute(remove, [projectId, importId]);
  }

  /** Of a project that was deleted. */
  async endAll(on: Queryable, projectId: string): Promise<void> {
    await on.execute(endAll, [projectId]);
  }

  /** The project's next one, for whoever writes it from now on. @returns undefined when there is none, or somebody else has it */
  async take(on: Queryable, projectId: string, leaseId: string, seconds: number): Promise<TakenImport | undefined> {
    return (await on.query<TakenImport>(take, [projectId, leaseId, seconds]))[0];
  }

  /** @param from where the batch began. @returns the state; undefined when somebody else has written it meanwhile */
  async advance(tx: Transaction, { projectId, importId }: ImportId, leaseId: string, from: number, progress: ImportProgress, seconds: number): Promise<string | undefined> {
    const { position, line, rows, created, updated, skipped, failed, errorsLeftOut } = progress;
    return (await tx.query<{ state: string }>(advance, [projectId, importId, leaseId, from, position, line, rows, created, updated, skipped, failed, errorsLeftOut, seconds]))[0]?.state;
  }

  async letGo(on: Queryable, { projectId, importId }: ImportId, leaseId: string): Promise<void> {
    await on.execute(letGo, [projectId, importId, leaseId]);
  }

  /** Projects with imports that nobody writes. */
  async waiting(on: Queryable): Promise<{ projectId: string }[]> {
    return on.query<{ projectId: string }>(waiting);
  }

  /** Gives up files of which no part came for so long. */
  async endBrokenOff(on: Queryable, seconds: number): Promise<number> {
    return on.execute(endBrokenOff, [seconds]);
  }
}

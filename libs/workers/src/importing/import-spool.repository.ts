import { Injectable } from '@nestjs/common';
import { someRows, sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { ImportId } from './imports.repository.js';

export interface SealedPart {
  firstByte: number;
  size: number;
  sealed: Buffer;
}

/** One and the other of what an import leaves behind, and how many go in one statement. */
const leftovers = [
  ['import_parts', '100'],
  ['import_keys', '10000'],
  ['import_errors', '2000'],
] as const;
const one = 'project_id = $1 AND import_id = $2';

const insertPart = sql('import_parts.insert', 'INSERT INTO import_parts (project_id, import_id, first_byte, size, sealed) VALUES ($1, $2, $3, $4, $5)');
const readPart = sql('import_parts.read', `SELECT first_byte AS "firstByte", size, sealed FROM import_parts WHERE ${one} AND first_byte <= $3 AND first_byte + size > $3 ORDER BY first_byte DESC LIMIT 1`);
const dropParts = sql('import_parts.drop-read', `DELETE FROM import_parts WHERE ${one} AND first_byte + size <= $3`);
const olderParts = sql(
  'import_parts.older',
  `SELECT count(*)::integer AS parts FROM import_parts p JOIN imports i USING (project_id, import_id) WHERE p.project_id = $1 AND p.received_at < $2::timestamptz AND i.finished_at IS NULL`,
);
const insertKeys = sql(
  'import_keys.insert',
  'INSERT INTO import_keys (project_id, import_id, key_hash, line) SELECT $1, $2, * FROM unnest($3::bytea[], $4::bigint[]) ON CONFLICT DO NOTHING',
);
const findKeys = sql('import_keys.find', `SELECT key_hash AS "keyHash", line FROM import_keys WHERE ${one} AND key_hash = ANY ($3::bytea[])`);
const insertErrors = sql('import_errors.insert', 'INSERT INTO import_errors (project_id, import_id, line, sealed) VALUES ($1, $2, $3, $4)');
const readErrors = sql('import_errors.read', `SELECT line, sealed FROM import_errors WHERE ${one} AND line > $3 ORDER BY line LIMIT 1`);
const drops = leftovers.map(([table, most]) => sql(`${table}.drop-some`, `DELETE FROM ${table} WHERE ${someRows(table, one, most)}`));
// Of what is finished only what its end makes needless; of what is too old, or in a deleted project, everything.
const cluttered = sql(
  'imports.cluttered',
  `SELECT i.project_id AS "projectId", i.import_id AS "importId" FROM imports i WHERE i.finished_at IS NOT NULL
     AND (EXISTS (SELECT FROM import_parts p WHERE p.project_id = i.project_id AND p.import_id = i.import_id) OR EXISTS (SELECT FROM import_keys k WHERE k.project_id = i.project_id AND k.import_id = i.import_id)) LIMIT 100`,
);
const old = sql('imports.old', `SELECT project_id AS "projectId", import_id AS "importId" FROM imports WHERE finished_at < now() - make_interval(secs => $1) LIMIT 100`);

/** All SQL of what belongs to an import: parts of its file, which rows it has had, what was wrong with them. */
@Injectable()
export class ImportSpoolRepository {
  async insertPart(tx: Transaction, { projectId, importId }: ImportId, { firstByte, size, sealed }: SealedPart): Promise<void> {
    await tx.execute(insertPart, [projectId, importId, firstByte, size, sealed]);
  }

  /** The part that has this byte of the file; undefined: there is none. */
  async readPart(on: Queryable, { projectId, importId }: ImportId, at: number): Promise<SealedPart | undefined> {
    return (await on.query<SealedPart>(readPart, [projectId, importId, at]))[0];
  }

  /** Removes parts that end before this byte. */
  async dropParts(tx: Transaction, { projectId, importId }: ImportId, position: number): Promise<void> {
    await tx.execute(dropParts, [projectId, importId, position]);
  }

  /** Parts of files of a project that are not written yet, and came before this time. */
  async countOlderParts(on: Queryable, projectId: string, before: string): Promise<number> {
    return (await on.query<{ parts: number }>(olderParts, [projectId, before]))[0]!.parts;
  }

  async insertKeys(tx: Transaction, { projectId, importId }: ImportId, keys: readonly { hash: Buffer; line: number }[]): Promise<void> {
    if (keys.length > 0) await tx.execute(insertKeys, [projectId, importId, keys.map(({ hash }) => hash), keys.map(({ line }) => line)]);
  }

  /** Of those among the keys that rows before had: their lines. */
  async findKeys(on: Queryable, { projectId, importId }: ImportId, hashes: readonly Buffer[]): Promise<Map<string, number>> {
    const rows = hashes.length === 0 ? [] : await on.query<{ keyHash: Buffer; line: number }>(findKeys, [projectId, importId, hashes]);
    return new Map(rows.map(({ keyHash, line }) => [keyHash.toString('hex'), line]));
  }

  async insertErrors(tx: Transaction, { projectId, importId }: ImportId, line: number, sealed: Buffer): Promise<void> {
    await tx.execute(insertErrors, [projectId, importId, line, sealed]);
  }

  async readErrors(on: Queryable, { projectId, importId }: ImportId, after: number): Promise<{ line: number; sealed: Buffer } | undefined> {
    return (await on.query<{ line: number; sealed: Buffer }>(readErrors, [projectId, importId, after]))[0];
  }

  /** Finished imports whose file has not gone yet. */
  async cluttered(on: Queryable): Promise<ImportId[]> {
    return on.query<ImportId>(cluttered);
  }

  async old(on: Queryable, seconds: number): Promise<ImportId[]> {
    return on.query<ImportId>(old, [seconds]);
  }

  /** Removes file and keys, in short statements; with `errors` those too. */
  async clear(on: Queryable, { projectId, importId }: ImportId, errors: boolean): Promise<void> {
    for (const drop of errors ? drops : drops.slice(0, 2)) while ((await on.execute(drop, [projectId, importId])) > 0);
  }
}

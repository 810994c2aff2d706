import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from './fault-world.js';
import { unique } from './platform-under-test.js';

/** In every value of every user, before their number: what is looked for in the files. */
export const mark = unique('canary').replace(/[^a-z0-9]/g, '');
export const canary = (number: number) => `${mark}n${number}x`;

/** Numbers of the users whose values stand in a file, by file: of the databases, the log, the queue, the broker, the mails, and whatever else there is. */
export async function found(): Promise<Map<number, Set<string>>> {
  const hits = new Map<number, Set<string>>();
  for (const entry of await readdir(platform.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file).catch(() => Buffer.alloc(0)); // gone meanwhile
    for (let at = bytes.indexOf(`${mark}n`); at !== -1; at = bytes.indexOf(`${mark}n`, at + 1)) {
      const number = /^n(\d+)x/.exec(bytes.toString('latin1', at + mark.length, at + mark.length + 8))?.[1];
      if (number !== undefined) hits.set(Number(number), (hits.get(Number(number)) ?? new Set()).add(file.slice(platform.folder.length)));
    }
  }
  return hits;
}

/** What is left of erased users, in words: the number of the user, and files with the tables or indexes that they are. */
export async function leftOf(erased: readonly number[]): Promise<[number, string[]][]> {
  const hits = await found();
  const left = erased.filter((number) => hits.has(number));
  const names = new Map<string, string>();
  for (const service of left.length === 0 ? [] : ['identity', 'profiles', 'membership', 'operations']) {
    for (const { node, name } of await platform.query<{ node: string; name: string }>(service, `SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) || '/' || pg_relation_filenode(oid) AS node, oid::regclass::text AS name FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL`)) {
      names.set(node, `${service}.${name}`);
    }
  }
  return left.map((number) => [number, [...hits.get(number)!].map((file) => `${file} ${names.get(/(\d+\/\d+)(\.\d+)?$/.exec(file)?.[1] ?? '') ?? ''}`)]);
}

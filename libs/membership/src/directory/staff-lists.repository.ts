import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { sql, type Queryable, type Statement } from '#libs/platform/database';

type SortBy = (typeof membership.staffSortKeys)[number];

/** By what a list is sorted, and where its page begins. */
export interface StaffPage {
  sortBy: SortBy;
  descending: boolean;
  /** The last row of the page before; absent: the first page. */
  after?: { key: string; userId: string } | undefined;
  search?: string | undefined;
  limit: number;
}

export interface ListedPerson {
  userId: string;
  key: string;
}

/**
 * So many of the next in the list are looked at one by one before an index is asked who matches: what many have is soon found
 * this way, and an index would first collect them all.
 */
const walked = 1_000;

/** `all`: without a search. `walk`: among the next in the list. The others go by an index: for one or two letters, or for more. */
type Way = 'all' | 'walk' | 'short' | 'long';

/** `created_at` needs no key: ids are UUIDv7, and unlike a time no client sets them. */
const keys: Record<SortBy, string | undefined> = { name: 'name_key', email: 'email_key', created_at: undefined };

const matching = { short: 'short_grams(names) @> ARRAY[lower($3::text)]', long: 'names LIKE lower($3)' };

/**
 * `$1`: scopes. `$2`: how many. `$3`: what is searched, where something is. The last two: key and id of the row before,
 * where it is not the first page. Each scope is walked in the order of its own index, since a list of a project is two of them.
 */
function pageOf(sortBy: SortBy, descending: boolean, isFirst: boolean, way: Way): Statement {
  const column = keys[sortBy];
  const [direction, beyond] = descending ? ['DESC', '<'] : ['ASC', '>'];
  const [key, id] = way === 'all' ? ['$3', '$4'] : ['$4', '$5'];
  const order = (keyName: string) => `ORDER BY ${column === undefined ? '' : `${keyName} ${direction}, `}user_id ${direction}`;
  const columns = `user_id, ${column ?? "''::text"} AS key`;
  const after = (keyName: string) => (column === undefined ? `user_id ${beyond} ${id} AND ${key}::text IS NOT NULL` : `(${keyName}, user_id) ${beyond} (${key} COLLATE "C", ${id})`);
  const next = (wanted: string, limit: string | number) =>
    `(SELECT DISTINCT page.* FROM unnest($1::uuid[]) AS scope (id) CROSS JOIN LATERAL (
       SELECT ${wanted} FROM listings WHERE scope_id = scope.id ${isFirst ? '' : `AND ${after(column ?? '')}`} ${order(column ?? '')} LIMIT ${limit}) page ${order('key')} LIMIT ${limit})`;
  // All who match are found before they are sorted: else the index of the order might be walked to its end.
  const collect = (matches: string) =>
    `SELECT DISTINCT user_id AS "userId", key FROM unnest($1::uuid[]) AS scope (id) CROSS JOIN LATERAL (
       WITH found AS MATERIALIZED (SELECT ${columns} FROM listings WHERE scope_id = scope.id AND ${matches})
       SELECT * FROM found ${isFirst ? '' : `WHERE ${after('key')}`} ${order('key')} LIMIT $2) page ${order('key').replace('user_id', '"userId"')} LIMIT $2`;
  const texts: Record<Way, () => string> = {
    all: () => `SELECT user_id AS "userId", key FROM ${next(columns, '$2')} AS found ${order('key')}`,
    // One row at least, which says how many there were to look at.
    walk: () =>
      `WITH seen AS MATERIALIZED ${next(`${columns}, names`, walked)}
       SELECT all_seen.seen, user_id AS "userId", key FROM (SELECT count(*)::int AS seen FROM seen) AS all_seen
       LEFT JOIN (SELECT user_id, key FROM seen WHERE position(lower($3::text) IN names) > 0 ${order('key')} LIMIT $2) AS found ON true ${order('key')}`,
    short: () => collect(matching.short),
    long: () => collect(matching.long),
  };
  return sql(`staff.list-${sortBy}-${direction}-${isFirst ? 'first' : 'after'}-${way}`, texts[way]());
}

const scopesOfProject = sql('staff.scopes-of-project', 'SELECT project_id AS "projectId", team_id AS "teamId" FROM projects WHERE project_id = $1');

const statements = new Map<string, Statement>();

function statement({ sortBy, descending, after }: StaffPage, way: Way): Statement {
  const key = `${sortBy} ${descending} ${after === undefined} ${way}`;
  const known = statements.get(key) ?? pageOf(sortBy, descending, after === undefined, way);
  statements.set(key, known);
  return known;
}

/** Who appears in the list of an organisation, a team or a project. */
@Injectable()
export class StaffListsRepository {
  async scopesOfProject(on: Queryable, projectId: string): Promise<string[]> {
    const [row] = await on.query<{ projectId: string; teamId: string | null }>(scopesOfProject, [projectId]);
    return row === undefined ? [] : [row.projectId, ...(row.teamId === null ? [] : [row.teamId])];
  }

  /** At most `limit` people, in order. */
  async page(on: Queryable, scopes: readonly string[], page: StaffPage): Promise<ListedPerson[]> {
    const { search, after, limit } = page;
    const place = after === undefined ? [] : [after.key, after.userId];
    if (search === undefined) return on.query<ListedPerson>(statement(page, 'all'), [scopes, limit, ...place]);
    const near = await on.query<Partial<ListedPerson> & { seen: number }>(statement(page, 'walk'), [scopes, limit, search, ...place]);
    const found = near.flatMap(({ userId, key }) => (typeof userId === 'string' && typeof key === 'string' ? [{ userId, key }] : []));
    if (found.length === limit || (near[0]?.seen ?? 0) < walked) return found;
    return isShort(search)
      ? on.query<ListedPerson>(statement(page, 'short'), [scopes, limit, search, ...place])
      : on.query<ListedPerson>(statement(page, 'long'), [scopes, limit, containing(search), ...place]);
  }
}

/** One or two letters, in lower case too: of some letters two are left then. */
function isShort(search: string): boolean {
  return [...search].length <= 2 && [...search.toLowerCase()].length <= 2;
}

/** A pattern for LIKE: texts with this anywhere in them. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

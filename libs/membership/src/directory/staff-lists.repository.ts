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

/** Fewer matches than this are collected and sorted; where there are more, a walk in the order of the list soon has a page of them. */
const fewMatches = 2_000;

/** `collect` goes by the index of what is searched, `walk` by the order of the list. */
type Search = 'none' | 'walk' | 'collect';

/** `created_at` needs no key: ids are UUIDv7, and unlike a time no client sets them. */
const keys: Record<SortBy, string | undefined> = { name: 'name_key', email: 'email_key', created_at: undefined };

/**
 * `$1`: scopes. `$2`: how many. `$3`: what is searched, where something is. The last two: key and id of the row before,
 * where it is not the first page. Each scope is walked in the order of its own index, since a list of a project is two of them.
 */
function pageOf(sortBy: SortBy, descending: boolean, isFirst: boolean, search: Search): Statement {
  const column = keys[sortBy];
  const [direction, beyond] = descending ? ['DESC', '<'] : ['ASC', '>'];
  const [key, id] = search === 'none' ? ['$3', '$4'] : ['$4', '$5'];
  const order = (keyName: string) => `${column === undefined ? '' : `${keyName} ${direction}, `}user_id ${direction}`;
  const columns = `user_id, ${column ?? "''::text"} AS key`;
  const after = column === undefined ? `AND user_id ${beyond} ${id} AND ${key}::text IS NOT NULL` : `AND (${column}, user_id) ${beyond} (${key} COLLATE "C", ${id})`;
  const place = isFirst ? '' : after;
  // The walk looks at each row by an expression that no index knows, so that the list is read in its order.
  const rows =
    search === 'collect'
      ? `(SELECT DISTINCT ${columns} FROM listings WHERE scope_id = ANY ($1::uuid[]) AND names LIKE lower($3) ${place})`
      : `(SELECT DISTINCT page.* FROM unnest($1::uuid[]) AS scope (id) CROSS JOIN LATERAL (
           SELECT ${columns} FROM listings WHERE scope_id = scope.id ${place} ${search === 'walk' ? 'AND position(lower($3::text) IN names) > 0' : ''} ORDER BY ${order(column ?? '')} LIMIT $2) page)`;
  const text = `WITH found AS MATERIALIZED ${rows} SELECT user_id AS "userId", key FROM found ORDER BY ${order('key')} LIMIT $2`;
  return sql(`staff.list-${sortBy}-${direction}-${isFirst ? 'first' : 'after'}-${search}`, text);
}

const countFew = sql('staff.count-few', 'SELECT count(*)::int AS matches FROM (SELECT FROM listings WHERE scope_id = ANY ($1::uuid[]) AND names LIKE lower($2) LIMIT $3) found');
const scopesOfProject = sql('staff.scopes-of-project', 'SELECT project_id AS "projectId", team_id AS "teamId" FROM projects WHERE project_id = $1');

const statements = new Map<string, Statement>();

function statement(page: StaffPage, search: Search): Statement {
  const key = `${page.sortBy} ${page.descending} ${page.after === undefined} ${search}`;
  const known = statements.get(key) ?? pageOf(page.sortBy, page.descending, page.after === undefined, search);
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
    if (search === undefined) return on.query<ListedPerson>(statement(page, 'none'), [scopes, limit, ...place]);
    const collect = [...search].length >= 3 && (await this.matchFew(on, scopes, containing(search)));
    return on.query<ListedPerson>(statement(page, collect ? 'collect' : 'walk'), [scopes, limit, collect ? containing(search) : search, ...place]);
  }

  private async matchFew(on: Queryable, scopes: readonly string[], pattern: string): Promise<boolean> {
    const [row] = await on.query<{ matches: number }>(countFew, [scopes, pattern, fewMatches]);
    return row!.matches < fewMatches;
  }
}

/** A pattern for LIKE: texts with this anywhere in them. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

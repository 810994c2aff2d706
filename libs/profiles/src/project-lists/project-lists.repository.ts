import { Injectable } from '@nestjs/common';
import { profiles, staffRealmId } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { searchText, containing, sortKeys } from '../directory/directory-lists.js';
import { compileConditions, type Put } from './compile-conditions.js';

type Query = Pick<RequestOf<typeof profiles.listProjectUsers>, 'realmId' | 'staff' | 'where'>;
type Page = Pick<RequestOf<typeof profiles.listProjectUsers>, 'sort' | 'offset' | 'limit'>;

export interface UserPlace {
  realmId: string;
  userId: string;
}

/** Where the rows of one kind come from, and which of them count. */
interface Source {
  from: string;
  where: string;
  roles: string;
}

const indexed: Readonly<Partial<Record<profiles.UserSortField, string>>> = { ...sortKeys, id: 'd.user_id' };
const unindexed = { modifiedAt: 'u.modified_at', createdBy: 'u.created_by COLLATE "C"', modifiedBy: 'u.modified_by COLLATE "C"', notes: 'user_sort_key(u.notes)' } as const;

/** Whether so many users can be paged by it without looking at all of them. */
export function hasIndex(field: profiles.UserSortField): boolean {
  return indexed[field] !== undefined;
}

function sortKey(field: profiles.UserSortField, { roles }: Source): string {
  return indexed[field] ?? (field === 'roles' ? `array_to_string(${roles}, ',') COLLATE "C"` : unindexed[field as keyof typeof unindexed]);
}

/**
 * Lists of a project's users: those at home in it, from `directory` by its indexes, and the few staff, who are at home
 * elsewhere. One statement each, so that a page and its count are of one moment.
 */
@Injectable()
export class ProjectListsRepository {
  async count(on: Queryable, query: Query): Promise<number> {
    const { parameters, put } = parametersOf();
    const { with_, realm, home, staff } = sourcesOf(query, put, false);
    const text = `${with_}SELECT ${countOf(query, home, realm)} + (SELECT count(*) FROM ${staff.from} WHERE ${staff.where}) AS count`;
    return Number((await on.query<{ count: number }>(text, parameters))[0]!.count);
  }

  async page(on: Queryable, query: Query, { sort, offset, limit }: Page): Promise<{ count: number; page: UserPlace[] }> {
    const { parameters, put } = parametersOf();
    const { with_, realm, home, staff } = sourcesOf(query, put, !hasIndex(sort.field));
    const direction = sort.descending ? 'DESC' : 'ASC';
    const [skip, take, reach] = [put(offset, 'integer'), put(limit, 'integer'), put(offset + limit, 'integer')];
    // Each kind gives as many as could be on the page; by an index, no more are looked at.
    const part = (source: Source) => `(SELECT d.realm_id, d.user_id, ${sortKey(sort.field, source)} AS key, d.seq FROM ${source.from} WHERE ${source.where} ORDER BY key ${direction}, d.seq ${direction} LIMIT ${reach})`;
    const text = `${with_}SELECT ${countOf(query, home, realm)} + (SELECT count(*) FROM ${staff.from} WHERE ${staff.where}) AS count,
      coalesce((SELECT json_agg(json_build_object('realmId', page.realm_id, 'userId', page.user_id) ORDER BY page.key ${direction}, page.seq ${direction})
        FROM (SELECT * FROM (${part(home)} UNION ALL ${part(staff)}) AS merged ORDER BY key ${direction}, seq ${direction} OFFSET ${skip} LIMIT ${take}) AS page), '[]') AS page`;
    const [row] = await on.query<{ count: number; page: UserPlace[] }>(text, parameters);
    return { count: Number(row!.count), page: row!.page };
  }
}

function parametersOf(): { parameters: unknown[]; put: Put } {
  const parameters: unknown[] = [];
  return { parameters, put: (value, type) => `$${parameters.push(value)}::${type}` };
}

function sourcesOf({ realmId, staff, where }: Query, put: Put, usesUsers: boolean): { with_: string; realm: string; home: Source; staff: Source } {
  const realm = put(realmId, 'uuid');
  const search = where.search === '' ? undefined : where.search;
  // Nobody can know how many a search finds, since there are no statistics of names: what it finds comes first, the sort after.
  const with_ = search === undefined ? '' : `WITH found AS MATERIALIZED (SELECT d.* FROM directory d WHERE d.realm_id = ${realm} AND NOT d.hidden AND ${searchText} LIKE lower(${put(containing(search), 'text')})) `;
  const ofHome = compileConditions({ ...where, search: undefined }, 'd.roles', put);
  const users = usesUsers || ofHome.usesUsers ? ' JOIN users u USING (realm_id, user_id)' : '';
  const home = { from: `${search === undefined ? 'directory' : 'found'} d${users}`, where: `d.realm_id = ${realm} AND NOT d.hidden AND ${ofHome.text}${byEmail(where, realm, put)}`, roles: 'd.roles' };
  const roles = 'listed.roles';
  const given = `(SELECT given."userId" AS staff_id, ARRAY(SELECT jsonb_array_elements_text(given.roles)) AS roles FROM json_to_recordset(${put(JSON.stringify(staff), 'json')}) AS given ("userId" uuid, roles jsonb)) AS listed`;
  const from = `${given} JOIN directory d ON d.realm_id = ${put(staffRealmId, 'uuid')} AND d.user_id = listed.staff_id JOIN users u USING (realm_id, user_id)`;
  return { with_, realm, home, staff: { from, where: `NOT d.hidden AND ${compileConditions(where, roles, put).text}`, roles } };
}

/**
 * Of those with the email that is asked for, which an index finds in any case of letters, besides the condition itself. As an array, because the
 * planner, which has no statistics of emails, would else walk the list in its order and look at each user.
 */
function byEmail({ filters }: profiles.UserConditions, realm: string, put: Put): string {
  const [email] = filters.flatMap((filter) => ('field' in filter && filter.field === 'email' && filter.operator === 'eq' ? [filter.value] : []));
  if (email === undefined) return '';
  return ` AND d.user_id = ANY (ARRAY(SELECT named.user_id FROM users named WHERE named.realm_id = ${realm} AND lower(named.email) = lower(${put(email, 'text')}) AND named.hidden_by IS NULL))`;
}

/** The number of all of a realm's users is kept, and not counted. */
function countOf({ where }: Query, home: Source, realm: string): string {
  const isFiltered = where.userName !== undefined || where.role !== undefined || (where.search ?? '') !== '' || where.filters.length > 0;
  return isFiltered ? `(SELECT count(*) FROM ${home.from} WHERE ${home.where})` : `(SELECT coalesce(sum(total), 0)::bigint FROM user_counts WHERE realm_id = ${realm})`;
}

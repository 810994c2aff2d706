import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { profiles, staffRealmId } from '#libs/contracts';
import type { Queryable, Statement } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { sortKeys } from '../directory/directory-lists.js';
import { compileConditions, type CompiledConditions, type Put } from './compile-conditions.js';
import { hasTrigram, narrowingsOf, type Narrowing } from './narrowings.js';

type Query = Pick<RequestOf<typeof profiles.listProjectUsers>, 'realmId' | 'staff' | 'where'>;
type Page = Pick<RequestOf<typeof profiles.listProjectUsers>, 'sort' | 'offset' | 'limit'>;
type Sort = Page['sort'];

export interface UserPlace {
  realmId: string;
  userId: string;
}

export interface ProjectPage {
  count: number;
  page: UserPlace[];
}

/**
 * `walked`: so many of the list are looked at first, whatever is asked, and `walkedEach` for each user up to the end of the page. `narrowed`: so many that
 * an index finds are looked up one by one; of more, all users are read, which is faster then.
 */
export const listSizes = { walked: 1_000, walkedEach: 4, narrowed: 20_000 };

const indexed: Readonly<Partial<Record<profiles.UserSortField, string>>> = { ...sortKeys, id: 'd.user_id' };
const unindexed = { modifiedAt: 'u.modified_at', createdBy: 'u.created_by COLLATE "C"', modifiedBy: 'u.modified_by COLLATE "C"', notes: 'user_sort_key(u.notes)' } as const;

/** Whether so many users can be paged by it without looking at all of them. */
export function hasIndex(field: profiles.UserSortField): boolean {
  return indexed[field] !== undefined;
}

function sortKey(field: profiles.UserSortField, roles: string): string {
  return indexed[field] ?? (field === 'roles' ? `array_to_string(${roles}, ',') COLLATE "C"` : unindexed[field as keyof typeof unindexed]);
}

/** Whether the number of users that are meant is not that of all. */
export function isFiltered({ userName, role, search, filters }: profiles.UserConditions): boolean {
  return userName !== undefined || role !== undefined || (search ?? '') !== '' || filters.length > 0;
}

/**
 * Lists of a project's users: those at home in it, and the few staff, who are at home elsewhere. Whoever calls sees one
 * moment in all statements of a transaction, so that a page and its count agree.
 */
@Injectable()
export class ProjectListsRepository {
  /** @throws Failure `invalid-filter` */
  async count(on: Queryable, query: Query): Promise<number> {
    const narrowing = isFiltered(query.where) ? await this.narrowing(on, query) : undefined;
    return this.countBy(on, query, narrowing);
  }

  /**
   * The page is on the first part of the list where many users are meant; where few are, an index finds them, or all users of
   * the project are read, once. Without statistics of what is personal the planner can't know which of these it will be.
   * @throws Failure `invalid-filter`
   */
  async page(on: Queryable, query: Query, wanted: Page): Promise<ProjectPage> {
    if (!isFiltered(query.where)) return this.pageOfAll(on, query, wanted);
    const narrowings = narrowingsFor(query.where);
    const few = narrowings.find(({ isFew }) => isFew);
    if (isSearchAlone(query.where)) {
      const found = await this.pageOf(on, query, wanted, (source, key) => allMatches(source, key, wanted.sort, listSizes.narrowed + 1), { isPrepared: true });
      if (found.matches <= listSizes.narrowed) return found;
    }
    if (few !== undefined || !hasIndex(wanted.sort.field)) return this.pageOfMatches(on, query, wanted, few ?? (await this.narrowing(on, query)));
    const walk = listSizes.walked + listSizes.walkedEach * (wanted.offset + wanted.limit);
    const { walked, matches, count, page } = await this.pageOf(on, query, wanted, (source, key) => walkedMatches(source, key, wanted.sort, walk));
    if (walked < walk) return { count, page };
    const narrowing = await this.narrowing(on, query);
    if (matches < wanted.offset + wanted.limit) return this.pageOfMatches(on, query, wanted, narrowing);
    return { count: await this.countBy(on, query, narrowing), page };
  }

  /** By which index the fewest are found. `undefined`: none finds few. */
  private async narrowing(on: Queryable, query: Query): Promise<Narrowing | undefined> {
    const narrowings = narrowingsFor(query.where);
    const few = narrowings.find(({ isFew }) => isFew);
    if (few !== undefined || narrowings.length === 0) return few;
    const { parameters, put } = parametersOf();
    const [realm, most] = [put(query.realmId, 'uuid'), put(listSizes.narrowed + 1, 'integer')];
    const found = narrowings.map(({ query: text }) => `(SELECT count(*)::integer FROM (${text(realm, put)} LIMIT ${most}) AS found)`);
    const [row] = await on.query<{ found: number[] }>(`SELECT ARRAY[${found.join(', ')}] AS found`, parameters);
    const least = Math.min(...row!.found);
    return least > listSizes.narrowed ? undefined : narrowings[row!.found.indexOf(least)];
  }

  private async countBy(on: Queryable, query: Query, narrowing: Narrowing | undefined): Promise<number> {
    const { parameters, put } = parametersOf();
    const source = sourceOf(query, put, narrowing);
    const { realm, home: { ofDirectory, ofUsers } } = source;
    const number = !isFiltered(query.where)
      ? `(SELECT coalesce(sum(total), 0)::bigint FROM user_counts WHERE realm_id = ${realm})`
      : ofUsers.length === 0
        ? `(SELECT count(*) FROM directory d WHERE ${allOf([`d.realm_id = ${realm}`, 'NOT d.hidden', ...ofDirectory])})`
        : `(SELECT count(*) FROM users u${ofDirectory.length === 0 ? '' : ' JOIN directory d USING (realm_id, user_id)'} WHERE ${allOf([`u.realm_id = ${realm}`, 'u.hidden_by IS NULL', ...ofUsers, ...ofDirectory])})`;
    const [row] = await on.query<{ count: number }>(`SELECT ${number} + (SELECT count(*) FROM ${source.staff}) AS count`, parameters);
    return Number(row!.count);
  }

  /** Goes through an index that has the place of insertion and nothing else of a user, and asks for the users of the page then. */
  private async pageOfAll(on: Queryable, query: Query, { sort, offset, limit }: Page): Promise<ProjectPage> {
    const { parameters, put } = parametersOf();
    const source = sourceOf(query, put, undefined);
    const order = (seq: string) => orderBy('key', seq, sort);
    const [skip, take, reach] = [put(offset, 'integer'), put(limit, 'integer'), put(offset + limit, 'integer')];
    const home = `SELECT ${source.realm} AS realm_id, ${sortKey(sort.field, 'd.roles')} AS key, d.seq FROM directory d${joinFor(sort)} WHERE d.realm_id = ${source.realm} AND NOT d.hidden ${order('d.seq')} LIMIT ${reach}`;
    const staff = `SELECT d.realm_id, ${sortKey(sort.field, 'listed.roles')} AS key, d.seq FROM ${source.staff} ${order('d.seq')} LIMIT ${reach}`;
    const [row] = await on.query<ProjectPage>(
      `WITH page AS MATERIALIZED (SELECT * FROM ((${home}) UNION ALL (${staff})) AS merged ${order('seq')} OFFSET ${skip} LIMIT ${take})
       SELECT (SELECT coalesce(sum(total), 0)::bigint FROM user_counts WHERE realm_id = ${source.realm}) + (SELECT count(*) FROM ${source.staff}) AS count,
         coalesce((SELECT json_agg(json_build_object('realmId', page.realm_id, 'userId', u.user_id) ${order('page.seq')}) FROM page JOIN users u ON u.realm_id = page.realm_id AND u.seq = page.seq), '[]') AS page`,
      parameters,
    );
    return { count: Number(row!.count), page: row!.page };
  }

  private async pageOfMatches(on: Queryable, query: Query, wanted: Page, narrowing: Narrowing | undefined): Promise<ProjectPage> {
    return this.pageOf(on, query, wanted, (source, key) => allMatches(source, key, wanted.sort), { narrowing });
  }

  /**
   * @param matches SQL of `walked` and `matched`
   * @param options `isPrepared`: there are few such texts
   */
  private async pageOf(on: Queryable, query: Query, { sort, offset, limit }: Page, matches: (source: Source, key: string) => string, { narrowing, isPrepared = false }: { narrowing?: Narrowing | undefined; isPrepared?: boolean } = {}): Promise<ProjectPage & { walked: number; matches: number }> {
    const { parameters, put } = isPrepared ? hiddenParametersOf() : parametersOf();
    const source = sourceOf(query, put, narrowing);
    const [skip, take, reach] = [put(offset, 'integer'), put(limit, 'integer'), put(offset + limit, 'integer')];
    const order = orderBy('key', 'seq', sort);
    const [row] = await on.query<ProjectPage & { walked: number; matches: number }>(
      (isPrepared ? prepared : String)(`WITH ${matches(source, sortKey(sort.field, 'd.roles'))},
       staff AS MATERIALIZED (SELECT d.realm_id, d.user_id, ${sortKey(sort.field, 'listed.roles')} AS key, d.seq FROM ${source.staff}),
       page AS (SELECT * FROM ((SELECT * FROM matched ${order} LIMIT ${reach}) UNION ALL SELECT * FROM staff) AS merged ${order} OFFSET ${skip} LIMIT ${take})
       SELECT (SELECT count(*) FROM walked) AS walked, (SELECT count(*) FROM matched) AS matches, (SELECT count(*) FROM matched) + (SELECT count(*) FROM staff) AS count,
         coalesce((SELECT json_agg(json_build_object('realmId', page.realm_id, 'userId', page.user_id) ${order}) FROM page), '[]') AS page`),
      parameters,
    );
    return { walked: Number(row!.walked), matches: Number(row!.matches), count: Number(row!.count), page: row!.page };
  }
}

/** For texts of which there are few: each connection keeps every one that it is sent. */
function prepared(text: string): Statement {
  return { name: `project_lists.${createHash('sha256').update(text).digest('base64url')}`, text }; // made for a request: not among what is declared
}

/** An index has the answer, and gives it at once where it does not match very many. */
function isSearchAlone({ userName, role, search, filters }: profiles.UserConditions): boolean {
  return userName === undefined && role === undefined && filters.length === 0 && search !== undefined && hasTrigram(search);
}

function parametersOf(): { parameters: unknown[]; put: Put } {
  const parameters: unknown[] = [];
  return { parameters, put: (value, type) => `$${parameters.push(value)}::${type}` };
}

/** A condition about `directory` that has an index helps where it is asked of `users`, and nowhere else. */
function narrowingsFor(where: profiles.UserConditions): Narrowing[] {
  const { ofUsers } = compileConditions(where, 'd.roles', (_, type) => `NULL::${type}`);
  return narrowingsOf(where).filter(({ isOwnIndex }) => ofUsers.length > 0 || !isOwnIndex);
}

/** Behind a sub-select the planner does not see a value, so that a prepared statement keeps its plan: planning takes as long as a page. */
function hiddenParametersOf(): { parameters: unknown[]; put: Put } {
  const { parameters, put } = parametersOf();
  return { parameters, put: (value, type) => `(SELECT ${put(value, type)})` };
}

/** Of whom a statement speaks. */
interface Source {
  realm: string;
  home: CompiledConditions;
  /** Rows `d`, `u` and `listed` of the staff who are meant. */
  staff: string;
}

function sourceOf({ realmId, staff, where }: Query, put: Put, narrowing: Narrowing | undefined): Source {
  const realm = put(realmId, 'uuid');
  const home = compileConditions(where, 'd.roles', put);
  if (narrowing !== undefined) {
    const isOfUsers = home.ofUsers.length > 0;
    (isOfUsers ? home.ofUsers : home.ofDirectory).push(`${isOfUsers ? 'u' : 'd'}.user_id = ANY (ARRAY(${narrowing.query(realm, put)}))`);
  }
  const given = `(SELECT given."userId" AS staff_id, ARRAY(SELECT jsonb_array_elements_text(given.roles)) AS roles FROM json_to_recordset(${put(JSON.stringify(staff), 'json')}) AS given ("userId" uuid, roles jsonb)) AS listed`;
  const ofStaff = compileConditions(where, 'listed.roles', put);
  return { realm, home, staff: `${given} JOIN directory d ON d.realm_id = ${put(staffRealmId, 'uuid')} AND d.user_id = listed.staff_id JOIN users u USING (realm_id, user_id) WHERE ${allOf(['NOT d.hidden', ...ofStaff.ofDirectory, ...ofStaff.ofUsers])}` };
}

function allOf(conditions: readonly string[]): string {
  return conditions.map((condition) => `(${condition})`).join(' AND ');
}

function orderBy(key: string, seq: string, { descending }: Sort): string {
  const direction = descending ? 'DESC' : 'ASC';
  return `ORDER BY ${key} ${direction}, ${seq} ${direction}`;
}

const joinFor = ({ field }: Sort) => (field in unindexed ? ' JOIN users u USING (realm_id, user_id)' : '');

/** Matches among the first of the list. */
function walkedMatches({ realm, home }: Source, key: string, sort: Sort, walk: number): string {
  return `walked AS MATERIALIZED (SELECT d.*, ${key} AS key FROM directory d WHERE d.realm_id = ${realm} AND NOT d.hidden ${orderBy(key, 'd.seq', sort)} LIMIT ${walk}),
    matched AS MATERIALIZED (SELECT d.realm_id, d.user_id, d.key, d.seq FROM walked d${home.ofUsers.length === 0 ? '' : ' JOIN users u USING (realm_id, user_id)'} WHERE ${allOf(['true', ...home.ofDirectory, ...home.ofUsers])})`;
}

/**
 * All matches. Those of `users` come first, without the join that the planner would begin with; materialised, since it would else walk the list in its order.
 * @param most so many of them at the most, whichever
 */
function allMatches({ realm, home: { ofDirectory, ofUsers } }: Source, key: string, sort: Sort, most?: number): string {
  const users = allOf([`u.realm_id = ${realm}`, 'u.hidden_by IS NULL', ...ofUsers]);
  const found = ofUsers.length === 0 ? '' : ` JOIN (SELECT f.user_id FROM found f) AS found USING (user_id)`;
  return `${ofUsers.length === 0 ? '' : `found AS MATERIALIZED (SELECT u.user_id FROM users u WHERE ${users}), `}
    walked AS (SELECT WHERE false),
    matched AS MATERIALIZED (SELECT d.realm_id, d.user_id, ${key} AS key, d.seq FROM directory d${found}${joinFor(sort)} WHERE ${allOf([`d.realm_id = ${realm}`, 'NOT d.hidden', ...ofDirectory])}${most === undefined ? '' : ` LIMIT ${most}`})`;
}

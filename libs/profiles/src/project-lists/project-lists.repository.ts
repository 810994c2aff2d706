import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import { allMatches, allOf, hasIndex, hiddenParametersOf, joinFor, narrowingsFor, orderBy, parametersOf, prepared, sortKey, sourceOf, walkedMatches, type Page, type Query, type Source } from './list-sql.js';
import type { Narrowing } from './narrowings.js';

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
    const { parameters, put } = isFiltered(query.where) ? parametersOf() : hiddenParametersOf();
    const source = sourceOf(query, put, narrowing);
    const { realm, home: { ofDirectory, ofUsers } } = source;
    const number = !isFiltered(query.where)
      ? `(SELECT coalesce(sum(total), 0)::bigint FROM user_counts WHERE realm_id = ${realm})`
      : ofUsers.length === 0
        ? `(SELECT count(*) FROM directory d WHERE ${allOf([`d.realm_id = ${realm}`, 'NOT d.hidden', ...ofDirectory])})`
        : `(SELECT count(*) FROM users u${ofDirectory.length === 0 ? '' : ' JOIN directory d USING (realm_id, user_id)'} WHERE ${allOf([`u.realm_id = ${realm}`, 'u.hidden_by IS NULL', ...ofUsers, ...ofDirectory])})`;
    const text = `SELECT ${number} + (SELECT count(*) FROM ${source.staff}) AS count`;
    const [row] = await on.query<{ count: number }>(isFiltered(query.where) ? text : prepared(text), parameters);
    return Number(row!.count);
  }

  /** Goes through an index that has the place of insertion and nothing else of a user, and asks for the users of the page then, one by one: the planner sees no values, and can't know how few they are. */
  private async pageOfAll(on: Queryable, query: Query, { sort, offset, limit }: Page): Promise<ProjectPage> {
    const { parameters, put } = hiddenParametersOf();
    const source = sourceOf(query, put, undefined);
    const order = (seq: string) => orderBy('key', seq, sort);
    const [skip, take, reach] = [put(offset, 'integer'), put(limit, 'integer'), put(offset + limit, 'integer')];
    const home = `SELECT ${source.realm} AS realm_id, ${sortKey(sort.field, 'd.roles')} AS key, d.seq FROM directory d${joinFor(sort)} WHERE d.realm_id = ${source.realm} AND NOT d.hidden ${order('d.seq')} LIMIT ${reach}`;
    const staff = `SELECT d.realm_id, ${sortKey(sort.field, 'listed.roles')} AS key, d.seq FROM ${source.staff} ${order('d.seq')} LIMIT ${reach}`;
    const [row] = await on.query<ProjectPage>(
      prepared(`WITH page AS MATERIALIZED (SELECT * FROM ((${home}) UNION ALL (${staff})) AS merged ${order('seq')} OFFSET ${skip} LIMIT ${take})
       SELECT (SELECT coalesce(sum(total), 0)::bigint FROM user_counts WHERE realm_id = ${source.realm}) + (SELECT count(*) FROM ${source.staff}) AS count,
         coalesce((SELECT json_agg(json_build_object('realmId', page.realm_id, 'userId', u.user_id) ${order('page.seq')}) FROM page,
           LATERAL (SELECT user_id FROM users WHERE users.realm_id = page.realm_id AND users.seq = page.seq OFFSET 0) AS u), '[]') AS page`),
      parameters,
    );
    return { count: Number(row!.count), page: row!.page };
  }

  private async pageOfMatches(on: Queryable, query: Query, wanted: Page, narrowing: Narrowing | undefined): Promise<ProjectPage> {
    return this.pageOf(on, query, wanted, (source, key) => allMatches(source, key, wanted.sort), narrowing);
  }

  /** @param matches SQL of `walked` and `matched` */
  private async pageOf(on: Queryable, query: Query, { sort, offset, limit }: Page, matches: (source: Source, key: string) => string, narrowing?: Narrowing): Promise<ProjectPage & { walked: number; matches: number }> {
    const { parameters, put } = parametersOf();
    const source = sourceOf(query, put, narrowing);
    const [skip, take, reach] = [put(offset, 'integer'), put(limit, 'integer'), put(offset + limit, 'integer')];
    const order = orderBy('key', 'seq', sort);
    const [row] = await on.query<ProjectPage & { walked: number; matches: number }>(
      `WITH ${matches(source, sortKey(sort.field, 'd.roles'))},
       staff AS MATERIALIZED (SELECT d.realm_id, d.user_id, ${sortKey(sort.field, 'listed.roles')} AS key, d.seq FROM ${source.staff}),
       page AS (SELECT * FROM ((SELECT * FROM matched ${order} LIMIT ${reach}) UNION ALL SELECT * FROM staff) AS merged ${order} OFFSET ${skip} LIMIT ${take})
       SELECT (SELECT count(*) FROM walked) AS walked, (SELECT count(*) FROM matched) AS matches, (SELECT count(*) FROM matched) + (SELECT count(*) FROM staff) AS count,
         coalesce((SELECT json_agg(json_build_object('realmId', page.realm_id, 'userId', page.user_id) ${order}) FROM page), '[]') AS page`,
      parameters,
    );
    return { walked: Number(row!.walked), matches: Number(row!.matches), count: Number(row!.count), page: row!.page };
  }
}

import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import { containing, searchText } from '../directory/directory-lists.js';
import { withShownUids } from '../users/shown-uids.js';
import { columnsOfSome, profileOf, type UserPageRow } from '../users/user-pages.repository.js';
import type { Put } from './compile-conditions.js';
import { allOf, hiddenParametersOf, isSearchAlone, joinFor, orderBy, prepared, sortKey, staffOf, type Page, type Query } from './list-sql.js';
import { listSizes, type ProjectPage } from './project-lists.repository.js';
import { SearchSamples } from './search-samples.js';

/** A row for each user of the page, or one without a user where there is none. */
type Row = { matches: number; staff: number; onPage: boolean } & UserPageRow;

/** Lists that are searched by name or email and asked nothing else: the most frequent ones, each of one statement, which sees one moment and keeps its plan. */
@Injectable()
export class SearchesRepository {
  constructor(private readonly samples: SearchSamples) {}

  /** @returns undefined for another list, and for a search that matches very many: an index does not give it at once then */
  async page(on: Queryable, query: Query, { sort, offset, limit }: Page): Promise<(ProjectPage & { users: profiles.Profile[] }) | undefined> {
    if (!isSearchAlone(query.where)) return undefined;
    const { parameters, put } = hiddenParametersOf();
    const isMeant = allOf([...this.conditions(query, put), 'NOT d.hidden']);
    const staffMeant = staffOf(query, put);
    const [skip, take, reach] = [put(offset, 'integer'), put(limit, 'integer'), put(offset + limit, 'integer')];
    const order = orderBy('key', 'seq', sort);
    const rows = await on.query<Row>(
      prepared(`WITH matched AS MATERIALIZED (SELECT d.realm_id, d.user_id, ${sortKey(sort.field, 'd.roles')} AS key, d.seq FROM directory d${joinFor(sort)} WHERE ${isMeant} LIMIT ${listSizes.narrowed + 1}),
       staff AS MATERIALIZED (SELECT d.realm_id, d.user_id, ${sortKey(sort.field, 'listed.roles')} AS key, d.seq FROM ${staffMeant}),
       page AS MATERIALIZED (SELECT * FROM ((SELECT * FROM matched ${order} LIMIT ${reach}) UNION ALL SELECT * FROM staff) AS merged ${order} OFFSET ${skip} LIMIT ${take}),
       counted AS (SELECT (SELECT count(*) FROM matched) AS matches, (SELECT count(*) FROM staff) AS staff)
       SELECT counted.matches, counted.staff, page.user_id IS NOT NULL AS "onPage", ${columnsOfSome('one.realm_id = ANY (ARRAY(SELECT DISTINCT realm_id FROM page))', 'ARRAY(SELECT user_id FROM page)')}
       FROM counted LEFT JOIN page ON true
         LEFT JOIN LATERAL (SELECT * FROM users WHERE users.realm_id = page.realm_id AND users.user_id = page.user_id OFFSET 0) AS u ON true
         LEFT JOIN LATERAL (SELECT * FROM directory WHERE directory.realm_id = page.realm_id AND directory.user_id = page.user_id OFFSET 0) AS d ON true
       ${orderBy('page.key', 'page.seq', sort)}`),
      parameters,
    );
    const { matches, staff } = rows[0]!;
    if (Number(matches) > listSizes.narrowed) return undefined;
    const users = await withShownUids(on, rows.filter(({ onPage }) => onPage).map(profileOf));
    return { count: Number(matches) + Number(staff), page: users.map(({ realmId, userId }) => ({ realmId, userId })), users };
  }

  /** What is frequent is not asked of the index, which would read the whole list of who has it, but of those that it finds by the rest. */
  private conditions({ realmId, where }: Query, put: Put): string[] {
    const [realm, search] = [put(realmId, 'uuid'), where.search!];
    const { part, isRealmWorthIt } = this.samples.of(realmId)?.rarePart(search) ?? { part: search, isRealmWorthIt: true };
    // Once, and not for each user that is looked at.
    const lower = (text: string) => `(SELECT lower(${put(text, 'text')}))`;
    return [
      isRealmWorthIt ? `d.realm_id = ${realm}` : `(d.realm_id = ${realm}) IS TRUE`, // no index knows this form
      `${searchText} LIKE ${lower(containing(part))}`,
      ...(part === search ? [] : [`strpos(${searchText}, ${lower(search)}) > 0`]),
    ];
  }
}

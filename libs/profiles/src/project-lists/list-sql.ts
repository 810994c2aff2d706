import { createHash } from 'node:crypto';
import { staffRealmId, type profiles } from '#libs/contracts';
import type { Statement } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { sortKeys } from '../directory/directory-lists.js';
import { compileConditions, type CompiledConditions, type Put } from './compile-conditions.js';
import { hasTrigram, narrowingsOf, type Narrowing } from './narrowings.js';

export type Query = Pick<RequestOf<typeof profiles.listProjectUsers>, 'realmId' | 'staff' | 'where'>;
export type Page = Pick<RequestOf<typeof profiles.listProjectUsers>, 'sort' | 'offset' | 'limit'>;
export type Sort = Page['sort'];

const indexed: Readonly<Partial<Record<profiles.UserSortField, string>>> = { ...sortKeys, id: 'd.user_id' };
const unindexed = { modifiedAt: 'u.modified_at', createdBy: 'u.created_by COLLATE "C"', modifiedBy: 'u.modified_by COLLATE "C"', notes: 'user_sort_key(u.notes)' } as const;

/** Whether so many users can be paged by it without looking at all of them. */
export function hasIndex(field: profiles.UserSortField): boolean {
  return indexed[field] !== undefined;
}

export function sortKey(field: profiles.UserSortField, roles: string): string {
  return indexed[field] ?? (field === 'roles' ? `array_to_string(${roles}, ',') COLLATE "C"` : unindexed[field as keyof typeof unindexed]);
}

/** An index has the answer, and gives it at once where it does not match very many. */
export function isSearchAlone({ userName, role, search, filters }: profiles.UserConditions): boolean {
  return userName === undefined && role === undefined && filters.length === 0 && search !== undefined && hasTrigram(search);
}

const preparedTexts = new Map<string, Statement>();

/** For texts of which there are few: each connection keeps every one that it is sent. */
export function prepared(text: string): Statement {
  let statement = preparedTexts.get(text);
  if (statement === undefined) {
    statement = { name: `project_lists.${createHash('sha256').update(text).digest('base64url')}`, text }; // made for a request: not among what is declared
    preparedTexts.set(text, statement);
  }
  return statement;
}

export function parametersOf(): { parameters: unknown[]; put: Put } {
  const parameters: unknown[] = [];
  return { parameters, put: (value, type) => `$${parameters.push(value)}::${type}` };
}

/** A condition about `directory` that has an index helps where it is asked of `users`, and nowhere else. */
export function narrowingsFor(where: profiles.UserConditions): Narrowing[] {
  const { ofUsers } = compileConditions(where, 'd.roles', (_, type) => `NULL::${type}`);
  return narrowingsOf(where).filter(({ isOwnIndex }) => ofUsers.length > 0 || !isOwnIndex);
}

/** Behind a sub-select the planner does not see a value, so that a prepared statement keeps its plan: planning takes as long as a page. */
export function hiddenParametersOf(): { parameters: unknown[]; put: Put } {
  const { parameters, put } = parametersOf();
  return { parameters, put: (value, type) => `(SELECT ${put(value, type)})` };
}

/** Of whom a statement speaks. */
export interface Source {
  realm: string;
  home: CompiledConditions;
  /** As `staffOf` makes it. */
  staff: string;
}

export function sourceOf(query: Query, put: Put, narrowing: Narrowing | undefined): Source {
  const realm = put(query.realmId, 'uuid');
  const home = compileConditions(query.where, 'd.roles', put);
  if (narrowing !== undefined) {
    const isOfUsers = home.ofUsers.length > 0;
    (isOfUsers ? home.ofUsers : home.ofDirectory).push(`${isOfUsers ? 'u' : 'd'}.user_id = ANY (ARRAY(${narrowing.query(realm, put)}))`);
  }
  return { realm, home, staff: staffOf(query, put) };
}

/** Rows `d`, `u` and `listed` of the staff who are meant. */
export function staffOf({ staff, where }: Query, put: Put): string {
  const given = `(SELECT given."userId" AS staff_id, ARRAY(SELECT jsonb_array_elements_text(given.roles)) AS roles FROM json_to_recordset(${put(JSON.stringify(staff), 'json')}) AS given ("userId" uuid, roles jsonb)) AS listed`;
  const { ofDirectory, ofUsers } = compileConditions(where, 'listed.roles', put);
  // Each by their id, whatever is asked of them: an index of what is searched gives everybody of all organisations, and mostly nobody is listed.
  const listed = `${given} JOIN LATERAL (SELECT * FROM directory WHERE directory.realm_id = ${put(staffRealmId, 'uuid')} AND directory.user_id = listed.staff_id OFFSET 0) AS d ON true`;
  return `${listed} JOIN users u USING (realm_id, user_id) WHERE ${allOf(['NOT d.hidden', ...ofDirectory, ...ofUsers])}`;
}

export function allOf(conditions: readonly string[]): string {
  return conditions.map((condition) => `(${condition})`).join(' AND ');
}

export function orderBy(key: string, seq: string, { descending }: Sort): string {
  const direction = descending ? 'DESC' : 'ASC';
  return `ORDER BY ${key} ${direction}, ${seq} ${direction}`;
}

export const joinFor = ({ field }: Sort) => (field in unindexed ? ' JOIN users u USING (realm_id, user_id)' : '');

/** Matches among the first of the list. */
export function walkedMatches({ realm, home }: Source, key: string, sort: Sort, walk: number): string {
  return `walked AS MATERIALIZED (SELECT d.*, ${key} AS key FROM directory d WHERE d.realm_id = ${realm} AND NOT d.hidden ${orderBy(key, 'd.seq', sort)} LIMIT ${walk}),
    matched AS MATERIALIZED (SELECT d.realm_id, d.user_id, d.key, d.seq FROM walked d${home.ofUsers.length === 0 ? '' : ' JOIN users u USING (realm_id, user_id)'} WHERE ${allOf(['true', ...home.ofDirectory, ...home.ofUsers])})`;
}

/**
 * All matches. Those of `users` come first, without the join that the planner would begin with; materialised, since it would else walk the list in its order.
 */
export function allMatches({ realm, home: { ofDirectory, ofUsers } }: Source, key: string, sort: Sort): string {
  const users = allOf([`u.realm_id = ${realm}`, 'u.hidden_by IS NULL', ...ofUsers]);
  const found = ofUsers.length === 0 ? '' : ` JOIN (SELECT f.user_id FROM found f) AS found USING (user_id)`;
  return `${ofUsers.length === 0 ? '' : `found AS MATERIALIZED (SELECT u.user_id FROM users u WHERE ${users}), `}
    walked AS (SELECT WHERE false),
    matched AS MATERIALIZED (SELECT d.realm_id, d.user_id, ${key} AS key, d.seq FROM directory d${found}${joinFor(sort)} WHERE ${allOf([`d.realm_id = ${realm}`, 'NOT d.hidden', ...ofDirectory])})`;
}

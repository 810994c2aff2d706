import { Injectable } from '@nestjs/common';
import { sql, type Queryable } from '#libs/platform/database';
import { accountsOf } from '../accounts/accounts-of.js';
import { listsOf } from '../lists/lists-of.js';
import { segmentsOf } from '../segments/segments-of.js';
import { directoryOf, type DirectoryRecord, type UserRecord } from './user-record.js';
import { userColumns } from './users.repository.js';

export type ListedUser = { user: UserRecord; directory: DirectoryRecord; seq: number };

/** Where a page begins: users who came before the place (`older`), nearest first, or after it (`newer`). */
export interface ListPlace {
  direction: 'older' | 'newer';
  /** Exclusive. */
  seq: number;
}

// The parameters come out of sub-selects, so that the planner sees no values, and the statement keeps its plan: planning takes as long as a page.
function list(direction: ListPlace['direction'], byEmail: boolean) {
  const [beyond, order] = direction === 'older' ? ['<', 'DESC'] : ['>', 'ASC'];
  return sql(
    `users.list_${direction}${byEmail ? '_by_email' : ''}`,
    `SELECT ${userColumns}, u.seq, d.user_name AS "userName", d.is_active AS "isActive", d.roles, ${accountsOf('u')} AS accounts, ${listsOf('u')} AS lists, ${segmentsOf('u')} AS segments
     FROM (SELECT * FROM users WHERE realm_id = (SELECT $1::uuid) AND seq ${beyond} (SELECT $2::bigint) AND hidden_by IS NULL ${byEmail ? 'AND lower(email) = (SELECT lower($4))' : ''} ORDER BY seq ${order} LIMIT (SELECT $3::integer)) u
       LEFT JOIN LATERAL (SELECT * FROM directory own WHERE own.realm_id = u.realm_id AND own.user_id = u.user_id OFFSET 0) AS d ON true
     ORDER BY u.seq ${order}`,
  );
}

function exists(direction: ListPlace['direction'], byEmail: boolean) {
  return sql(
    `users.exists_${direction}${byEmail ? '_by_email' : ''}`,
    `SELECT EXISTS (SELECT FROM users u WHERE u.realm_id = $1 AND u.seq ${direction === 'older' ? '<' : '>'} $2 AND u.hidden_by IS NULL ${byEmail ? 'AND lower(u.email) = lower($3)' : ''}) AS found`,
  );
}

export const listStatements = {
  older: { all: list('older', false), byEmail: list('older', true), any: exists('older', false), anyByEmail: exists('older', true) },
  newer: { all: list('newer', false), byEmail: list('newer', true), any: exists('newer', false), anyByEmail: exists('newer', true) },
};

/** The SQL of lists of users by their order of insertion. */
@Injectable()
export class UserListsRepository {
  /** Those beyond the place, the nearest first. */
  async list(on: Queryable, realmId: string, { direction, seq }: ListPlace, limit: number, email: string | undefined): Promise<ListedUser[]> {
    const { all, byEmail } = listStatements[direction];
    const rows = await on.query<UserRecord & { seq: number } & { [K in keyof DirectoryRecord]: DirectoryRecord[K] | null }>(
      email === undefined ? all : byEmail,
      [realmId, seq, limit, ...(email === undefined ? [] : [email])],
    );
    return rows.map((row) => ({ user: row, directory: directoryOf(row), seq: row.seq }));
  }

  async isAny(on: Queryable, realmId: string, { direction, seq }: ListPlace, email: string | undefined): Promise<boolean> {
    const { any, anyByEmail } = listStatements[direction];
    const [row] = await on.query<{ found: boolean }>(email === undefined ? any : anyByEmail, [realmId, seq, ...(email === undefined ? [] : [email])]);
    return row?.found ?? false;
  }
}

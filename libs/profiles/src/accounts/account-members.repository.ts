import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from '#libs/platform/database';

// In one already, a role that is given becomes theirs; none given leaves the one they have.
const join = sql(
  'account_members.join',
  `INSERT INTO account_members AS m (realm_id, user_id, account_id, role)
   SELECT $1, $2, given.account_id, given.role FROM unnest($3::uuid[], $4::text[]) WITH ORDINALITY AS given (account_id, role, place) ORDER BY given.place
   ON CONFLICT (realm_id, user_id, account_id) DO UPDATE SET role = excluded.role WHERE excluded.role IS NOT NULL AND m.role IS DISTINCT FROM excluded.role`,
);
const changeRole = sql('account_members.change_role', 'UPDATE account_members SET role = $4 WHERE realm_id = $1 AND user_id = $2 AND account_id = $3');
const leave = sql('account_members.leave', 'DELETE FROM account_members WHERE realm_id = $1 AND user_id = $2 AND account_id = $3');

// What the destination is in already keeps its role, and takes the source's where it had none. Nobody joins themselves. The
// users at the other end are locked first: one who is erased meanwhile is left out, and not a row that refers to nobody.
const inheritMemberships = sql(
  'account_members.inherit_memberships',
  `INSERT INTO account_members AS m (realm_id, user_id, account_id, role, joined_at)
   SELECT s.realm_id, $3, s.account_id, s.role, s.joined_at FROM account_members s JOIN users u ON u.realm_id = s.realm_id AND u.user_id = s.account_id
   WHERE s.realm_id = $1 AND s.user_id = $2 AND s.account_id <> $3 ORDER BY u.user_id FOR KEY SHARE OF u
   ON CONFLICT (realm_id, user_id, account_id) DO UPDATE SET role = excluded.role WHERE m.role IS NULL AND excluded.role IS NOT NULL`,
);
const inheritMembers = sql(
  'account_members.inherit_members',
  `INSERT INTO account_members AS m (realm_id, user_id, account_id, role, joined_at)
   SELECT s.realm_id, s.user_id, $3, s.role, s.joined_at FROM account_members s JOIN users u ON u.realm_id = s.realm_id AND u.user_id = s.user_id
   WHERE s.realm_id = $1 AND s.account_id = $2 AND s.user_id <> $3 ORDER BY u.user_id FOR KEY SHARE OF u
   ON CONFLICT (realm_id, user_id, account_id) DO UPDATE SET role = excluded.role WHERE m.role IS NULL AND excluded.role IS NOT NULL`,
);
const remove = sql('account_members.remove', 'DELETE FROM account_members WHERE realm_id = $1 AND (user_id = $2 OR account_id = $2)');

/** All SQL of `account_members`, but for reading it with a user (`accountsOf`) and its erasure. */
@Injectable()
export class AccountMembersRepository {
  /** @returns how many memberships are new or have another role */
  async join(tx: Transaction, realmId: string, userId: string, accounts: readonly { accountId: string; role: string | null }[]): Promise<number> {
    return tx.execute(join, [realmId, userId, accounts.map(({ accountId }) => accountId), accounts.map(({ role }) => role)]);
  }

  /** @returns whether there was such a membership */
  async changeRole(tx: Transaction, realmId: string, userId: string, accountId: string, role: string): Promise<boolean> {
    return (await tx.execute(changeRole, [realmId, userId, accountId, role])) > 0;
  }

  /** @returns whether there was such a membership */
  async leave(tx: Transaction, realmId: string, userId: string, accountId: string): Promise<boolean> {
    return (await tx.execute(leave, [realmId, userId, accountId])) > 0;
  }

  /**
   * Hands all of the source's places in accounts, and the members it has as one, to the destination.
   * @returns how many of them were new to the destination
   */
  async inherit(tx: Transaction, realmId: string, source: string, destination: string): Promise<number> {
    const gained = (await tx.execute(inheritMemberships, [realmId, source, destination])) + (await tx.execute(inheritMembers, [realmId, source, destination]));
    await tx.execute(remove, [realmId, source]);
    return gained;
  }
}

import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';

/**
 * One row next to each row of `users`: what identity and membership say of the user, a copy; and by what lists sort and
 * search them. The latter is kept by triggers on `users` and written only when a name, the email, the phone or `created_at`
 * changes, so that no other write of a user has to touch these indexes.
 */
@Entity({ name: 'directory' })
@ForeignKey(() => User, ['realmId', 'userId'], ['realmId', 'userId'], { name: 'directory_user_fkey', onDelete: 'CASCADE' })
// Indexes on expressions, which TypeORM has no words for: the migrations make them.
@Index('directory_user_name_idx', { synchronize: false })
@Index('directory_user_name_key_idx', { synchronize: false })
@Index('directory_search_idx', { synchronize: false })
@Index('directory_roles_idx', { synchronize: false })
@Index('directory_name_key_idx', ['realmId', 'nameKey', 'seq'], { where: 'NOT hidden' })
@Index('directory_first_name_key_idx', ['realmId', 'firstNameKey', 'seq'], { where: 'NOT hidden' })
@Index('directory_last_name_key_idx', ['realmId', 'lastNameKey', 'seq'], { where: 'NOT hidden' })
@Index('directory_email_key_idx', ['realmId', 'emailKey', 'seq'], { where: 'NOT hidden' })
@Index('directory_phone_key_idx', ['realmId', 'phoneKey', 'seq'], { where: 'NOT hidden' })
@Index('directory_created_at_idx', ['realmId', 'createdAt', 'seq'], { where: 'NOT hidden' })
@Index('directory_is_active_idx', ['realmId', 'isActive', 'seq'], { where: 'NOT hidden' })
export class DirectoryEntry {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'directory_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'directory_pkey' })
  userId!: string;

  @Column({ type: 'text', name: 'user_name', nullable: true })
  userName!: string | null;

  @Column({ type: 'boolean', name: 'is_active', default: true })
  isActive!: boolean;

  /** Identity has to agree before the email changes. */
  @Column({ type: 'boolean', name: 'can_log_in', default: false })
  canLogIn!: boolean;

  /** Identity's version of what it said; 0: nothing yet. */
  @Column({ type: 'bigint', name: 'login_version', default: 0 })
  loginVersion!: number;

  @Column({ type: 'text', array: true, default: () => "'{}'" })
  roles!: string[];

  /** Membership's version of the roles; 0: nothing yet. */
  @Column({ type: 'bigint', name: 'membership_version', default: 0 })
  membershipVersion!: number;

  /** The user's `seq`, which never changes. */
  @Column({ type: 'bigint', default: 0 })
  seq!: number;

  /** The user awaits their erasure, and no list shows them. */
  @Column({ type: 'boolean', default: false })
  hidden!: boolean;

  /** The user's. */
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  /** The whole name as lists sort by it: in lower case, without accents, cut off at 64 characters; empty where there is none. */
  @Column({ type: 'text', name: 'name_key', collation: 'C', default: '' })
  nameKey!: string;

  @Column({ type: 'text', name: 'first_name_key', collation: 'C', default: '' })
  firstNameKey!: string;

  @Column({ type: 'text', name: 'last_name_key', collation: 'C', default: '' })
  lastNameKey!: string;

  @Column({ type: 'text', name: 'email_key', collation: 'C', default: '' })
  emailKey!: string;

  @Column({ type: 'text', name: 'phone_key', collation: 'C', default: '' })
  phoneKey!: string;

  /** Names and email in lower case, one a line: what is searched, with the user name. */
  @Column({ type: 'text', default: '' })
  names!: string;
}

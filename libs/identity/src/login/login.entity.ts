import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * - `pending`: reserved for a user who is about to be able to log in; becomes `active` or goes within 30 s
 * - `active`: counts
 * - `hidden`: of a user who awaits erasure; names and hash are gone, the row keeps the user from logging in again
 */
export type LoginStatus = 'pending' | 'active' | 'hidden';

/** How a user proves who they are, and whether they may. Customers who can't log in have no row. */
@Entity({ name: 'logins' })
@Index('logins_user_name_key', ['realmId', 'userNameCanonical'], { unique: true, where: 'user_name_canonical IS NOT NULL' })
@Index('logins_login_email_key', ['realmId', 'loginEmailCanonical'], { unique: true, where: 'login_email_canonical IS NOT NULL' })
@Index('logins_pending_idx', ['reservedAt'], { where: "status = 'pending'" })
@Check('logins_status_check', "status IN ('pending', 'active', 'hidden')")
@Check('logins_hidden_check', "status <> 'hidden' OR num_nonnulls(user_name, user_name_canonical, login_email, login_email_canonical, password_hash) = 0")
export class Login {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'logins_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'logins_pkey' })
  userId!: string;

  @Column({ type: 'text' })
  status!: LoginStatus;

  /** False: an administrator closed the account. */
  @Column({ type: 'boolean', name: 'is_active', default: true })
  isActive!: boolean;

  /** The user is deleted and may be restored: until then nobody logs in by this row, and nobody else gets its names. */
  @Column({ type: 'boolean', default: false })
  suspended!: boolean;

  @Column({ type: 'text', name: 'user_name', nullable: true })
  userName!: string | null;

  /** The form in which names are compared: see `canonicalName`. */
  @Column({ type: 'text', name: 'user_name_canonical', nullable: true })
  userNameCanonical!: string | null;

  @Column({ type: 'text', name: 'login_email', nullable: true })
  loginEmail!: string | null;

  @Column({ type: 'text', name: 'login_email_canonical', nullable: true })
  loginEmailCanonical!: string | null;

  /** The email that was confirmed last, in its canonical form: whether the present one is, comparing tells. */
  @Column({ type: 'text', name: 'verified_email', nullable: true })
  verifiedEmail!: string | null;

  /** When that was confirmed by a mail that went there. */
  @Column({ type: 'timestamptz', precision: 3, name: 'email_verified_at', nullable: true })
  emailVerifiedAt!: string | null;

  /** PHC string of argon2id. */
  @Column({ type: 'text', name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  /** An administrator set the password, and it lets nobody in before its user has chosen another. */
  @Column({ type: 'boolean', name: 'must_change_password', default: false })
  mustChangePassword!: boolean;

  /** Rises with every change that others hold a copy of, and with the password. */
  @Column({ type: 'bigint', default: 0 })
  version!: number;

  /** Which request made or took over a pending row. */
  @Column({ type: 'uuid', name: 'reservation_id', nullable: true })
  reservationId!: string | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'reserved_at', nullable: true })
  reservedAt!: string | null;

  /** Of a registration under way: the roles that are still to be given. */
  @Column({ type: 'text', array: true, name: 'pending_roles', nullable: true })
  pendingRoles!: string[] | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'last_login_at', nullable: true })
  lastLoginAt!: string | null;
}

import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

/** A user's profile: one row for each user whose home is the realm. Describes the table for the drift check. */
@Entity({ name: 'users' })
@Index('users_external_id_key', ['realmId', 'externalId'], { unique: true, where: 'external_id IS NOT NULL AND hidden_by IS NULL' })
@Index('users_seq_idx', ['realmId', 'seq'])
@Index('users_user_id_idx', ['userId'])
// An index on an expression, lower(email), which TypeORM has no words for: the migration makes it.
@Index('users_email_idx', { synchronize: false })
export class User {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'users_pkey' })
  realmId!: string;

  /** UUIDv7, minted at the edge. */
  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'users_pkey' })
  userId!: string;

  /** The order of insertion, which lists page by. */
  // TypeORM knows identity columns beside the primary key; only this decorator's type does not.
  @Generated('identity' as 'increment')
  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: number;

  /** The customer's own id for the user. */
  @Column({ type: 'text', name: 'external_id', collation: 'C', nullable: true })
  externalId!: string | null;

  @Column({ type: 'text', name: 'display_name', nullable: true })
  displayName!: string | null;

  @Column({ type: 'text', name: 'first_name', nullable: true })
  firstName!: string | null;

  @Column({ type: 'text', name: 'last_name', nullable: true })
  lastName!: string | null;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  @Column({ type: 'text', nullable: true })
  notes!: string | null;

  @Column({ type: 'text', nullable: true })
  city!: string | null;

  @Column({ type: 'text', nullable: true })
  country!: string | null;

  @Column({ type: 'text', nullable: true })
  region!: string | null;

  @Column({ type: 'text', nullable: true })
  timezone!: string | null;

  /** `{"plan": "pro"}`: strings, numbers and booleans. */
  @Column({ type: 'jsonb', default: () => "'{}'" })
  attributes!: Record<string, string | number | boolean>;

  @Column({ type: 'jsonb', default: () => "'{}'" })
  preferences!: Record<string, unknown>;

  @Column({ type: 'timestamptz', precision: 3, name: 'preferences_updated_at', nullable: true })
  preferencesUpdatedAt!: string | null;

  /** The last five, newest first: `[{"token", "platform"}]`. */
  @Column({ type: 'jsonb', default: () => "'[]'" })
  devices!: { token: string; platform: 'android' | 'ios' }[];

  @Column({ type: 'boolean', name: 'is_account', default: false })
  isAccount!: boolean;

  /** When the user came to be in the customer's system; the client may set it. */
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: string;

  /** Id of the user or credential that did it. */
  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'modified_at' })
  modifiedAt!: string;

  @Column({ type: 'text', name: 'modified_by' })
  modifiedBy!: string;

  /** Time of the earliest event or request of the user's own. */
  @Column({ type: 'timestamptz', precision: 3, name: 'first_seen_at', nullable: true })
  firstSeenAt!: string | null;

  /** Time of the latest one. */
  @Column({ type: 'timestamptz', precision: 3, name: 'last_seen_at', nullable: true })
  lastSeenAt!: string | null;

  /** What the user last used, and when they first and last did what the project marked: `{"last_browser", "first_completed_card_at"}`. */
  @Column({ type: 'jsonb', default: () => "'{}'" })
  activity!: Record<string, string>;

  /** Grows by one with each change; projections elsewhere order by it. */
  @Column({ type: 'bigint' })
  version!: number;

  /** The erasure that awaits this user. To every read such a user does not exist. */
  @Column({ type: 'uuid', name: 'hidden_by', nullable: true })
  hiddenBy!: string | null;
}

import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A name that belonged to an erased user, as a keyed hash: late writes under it are refused. Holds no personal data. */
@Entity({ name: 'tombstones' })
@Check('tombstones_kind_check', `kind IN ('user-id', 'external-id', 'email', 'user-name')`)
@Index('tombstones_standing_idx', ['realmId', 'createdAt', 'keyHash'], { where: `lifted_at IS NULL AND kind <> 'user-id'` })
@Index('tombstones_user_idx', ['realmId', 'userId'])
export class Tombstone {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'tombstones_pkey' })
  realmId!: string;

  /** HMAC-SHA256, see `TombstoneKeys`. */
  @PrimaryColumn({ type: 'bytea', name: 'key_hash', primaryKeyConstraintName: 'tombstones_pkey' })
  keyHash!: Buffer;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'tombstones_pkey' })
  userId!: string;

  @Column({ type: 'text' })
  kind!: 'user-id' | 'external-id' | 'email' | 'user-name';

  @Column({ type: 'uuid', name: 'erasure_id' })
  erasureId!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  /** Since when somebody may bear the name again; the row stays, so that the old erasure asked again finds its user. */
  @Column({ type: 'timestamptz', precision: 3, name: 'lifted_at', nullable: true })
  liftedAt!: string | null;
}

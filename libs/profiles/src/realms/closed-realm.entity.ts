import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A project that was deleted. The row stays, so that its event may come again. */
@Entity({ name: 'closed_realms' })
@Index('closed_realms_uncleared_idx', ['closedAt'], { where: 'cleared_at IS NULL' })
export class ClosedRealm {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'closed_realms_pkey' })
  realmId!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'closed_at', default: () => 'now()' })
  closedAt!: string;

  /** When nothing was found of it any more. */
  @Column({ type: 'timestamptz', precision: 3, name: 'cleared_at', nullable: true })
  clearedAt!: string | null;
}

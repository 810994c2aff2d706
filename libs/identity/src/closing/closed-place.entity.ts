import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An organisation or a project that was deleted. The row stays, so that its event may come again. */
@Entity({ name: 'closed_places' })
@Check('closed_places_level_check', "level IN ('organisation', 'project')")
@Index('closed_places_uncleared_idx', ['closedAt'], { where: 'cleared_at IS NULL' })
export class ClosedPlaceRow {
  @PrimaryColumn({ type: 'uuid', name: 'place_id', primaryKeyConstraintName: 'closed_places_pkey' })
  placeId!: string;

  @Column({ type: 'text' })
  level!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'closed_at', default: () => 'now()' })
  closedAt!: string;

  /** When nothing was found of it any more. */
  @Column({ type: 'timestamptz', precision: 3, name: 'cleared_at', nullable: true })
  clearedAt!: string | null;
}

import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';
import { Segment } from './segment.entity.js';

/** A user in a segment, or one who left it and is suppressed in it. */
@Entity({ name: 'segment_members' })
@ForeignKey(() => User, ['realmId', 'userId'], ['realmId', 'userId'], { name: 'segment_members_user_fkey', onDelete: 'CASCADE' })
@ForeignKey(() => Segment, ['realmId', 'segmentId'], ['realmId', 'segmentId'], { name: 'segment_members_segment_fkey', onDelete: 'CASCADE' })
@Index('segment_members_segment_idx', ['realmId', 'segmentId', 'userSeq', 'member'])
export class SegmentMember {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'segment_members_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'segment_members_pkey' })
  userId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'segment_id', primaryKeyConstraintName: 'segment_members_pkey' })
  segmentId!: string;

  /** The user's `seq`, which never changes. */
  @Column({ type: 'bigint', name: 'user_seq' })
  userSeq!: number;

  /** False: the user left, and comes back suppressed if they come back. */
  @Column({ type: 'boolean' })
  member!: boolean;

  /** The user wants nothing that is sent to this segment. */
  @Column({ type: 'boolean', default: false })
  suppressed!: boolean;
}

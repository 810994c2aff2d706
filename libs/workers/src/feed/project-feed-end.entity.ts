import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where the feed of a project ends. Whoever appends locks it until the commit, so that positions come in the order of commits. */
@Entity('project_feed_ends')
export class ProjectFeedEnd {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'project_feed_ends_pkey' })
  projectId!: string;

  /** The position of the last entry; 0 before the first. */
  @Column('bigint', { default: 0 })
  last!: number;
}

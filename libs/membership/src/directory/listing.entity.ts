import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * One row for everybody in every list they appear in. Kept by triggers on the tables of roles, `members` and `directory`.
 * The sort keys stand here once more, so that a page of a list of 100,000 is read from one index.
 */
@Entity('listings')
@Index('listings_user_id_idx', ['userId'])
@Index('listings_name_key_idx', ['scopeId', 'nameKey', 'userId'])
@Index('listings_email_key_idx', ['scopeId', 'emailKey', 'userId'])
// GIN indexes, which TypeORM has no words for: the migrations make them. The second is for searches of one or two letters.
@Index('listings_search_idx', { synchronize: false })
@Index('listings_short_search_idx', { synchronize: false })
export class Listing {
  /** The organisation, team or project. */
  @PrimaryColumn('uuid', { name: 'scope_id', primaryKeyConstraintName: 'listings_pkey' })
  scopeId!: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'listings_pkey' })
  userId!: string;

  @Column({ type: 'text', name: 'name_key', collation: 'C' })
  nameKey!: string;

  @Column({ type: 'text', name: 'email_key', collation: 'C' })
  emailKey!: string;

  @Column('text')
  names!: string;
}

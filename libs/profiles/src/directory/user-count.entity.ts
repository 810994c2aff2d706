import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** How many users a realm has that are not hidden: the sum of its rows. Several, so that writers need not wait for one another; kept by triggers. */
@Entity({ name: 'user_counts' })
export class UserCount {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'user_counts_pkey' })
  realmId!: string;

  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'user_counts_pkey' })
  slot!: number;

  @Column({ type: 'bigint' })
  total!: number;
}

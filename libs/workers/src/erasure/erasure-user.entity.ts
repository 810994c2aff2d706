import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Erasure } from './erasure.entity.js';

/** Whom an erasure erases: ids only, which name nobody once it is done. */
@Entity('erasure_users')
@Index('erasure_users_user_id_idx', ['userId'])
@ForeignKey(() => Erasure, ['realmId', 'erasureId'], ['realmId', 'erasureId'], { name: 'erasure_users_erasure_fkey' })
export class ErasureUser {
  @PrimaryColumn('uuid', { name: 'realm_id', primaryKeyConstraintName: 'erasure_users_pkey' })
  realmId!: string;

  @PrimaryColumn('uuid', { name: 'erasure_id', primaryKeyConstraintName: 'erasure_users_pkey' })
  erasureId!: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'erasure_users_pkey' })
  userId!: string;
}

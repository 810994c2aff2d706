import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';

/** The uid of somebody who was merged into a user, and means that user from then on. */
@Entity({ name: 'user_aliases' })
@ForeignKey(() => User, ['realmId', 'userId'], ['realmId', 'userId'], { name: 'user_aliases_user_fkey', onDelete: 'CASCADE' })
@Index('user_aliases_user_idx', ['realmId', 'userId'])
export class UserAlias {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'user_aliases_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'user_aliases_pkey' })
  uid!: string;

  @Column({ type: 'uuid', name: 'user_id' })
  userId!: string;

  /** Under which the rest of them was erased; null: merged before this was kept. */
  @Column({ type: 'uuid', name: 'erasure_id', nullable: true })
  erasureId!: string | null;
}

import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';

/** A hash of each attribute of a user, and of each with its value, which filters find users by. Triggers on `users` keep it; who has no attributes has no row. */
@Entity({ name: 'attribute_entries' })
@ForeignKey(() => User, ['realmId', 'userId'], ['realmId', 'userId'], { name: 'attribute_entries_user_fkey', onDelete: 'CASCADE' })
// A GIN index, which TypeORM has no words for: the migration makes it.
@Index('attribute_entries_idx', { synchronize: false })
export class AttributeEntry {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'attribute_entries_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'attribute_entries_pkey' })
  userId!: string;

  @Column({ type: 'bigint', array: true })
  entries!: string[];
}

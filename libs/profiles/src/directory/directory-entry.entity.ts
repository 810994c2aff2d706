import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';

/** What identity and membership say of a user: a copy, and a row only where one of them said something. */
@Entity({ name: 'directory' })
@ForeignKey(() => User, ['realmId', 'userId'], ['realmId', 'userId'], { name: 'directory_user_fkey', onDelete: 'CASCADE' })
// An index on an expression, lower(user_name), which TypeORM has no words for: the migration makes it.
@Index('directory_user_name_idx', { synchronize: false })
export class DirectoryEntry {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'directory_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'directory_pkey' })
  userId!: string;

  @Column({ type: 'text', name: 'user_name', nullable: true })
  userName!: string | null;

  @Column({ type: 'boolean', name: 'is_active', default: true })
  isActive!: boolean;

  /** Identity has to agree before the email changes. */
  @Column({ type: 'boolean', name: 'can_log_in', default: false })
  canLogIn!: boolean;

  /** Identity's version of what it said; 0: nothing yet. */
  @Column({ type: 'bigint', name: 'login_version', default: 0 })
  loginVersion!: number;

  @Column({ type: 'text', array: true, default: () => "'{}'" })
  roles!: string[];

  /** Membership's version of the roles; 0: nothing yet. */
  @Column({ type: 'bigint', name: 'membership_version', default: 0 })
  membershipVersion!: number;
}

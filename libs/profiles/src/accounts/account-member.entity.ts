import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';

/** A user's place in an account, which is a user too. */
@Entity({ name: 'account_members' })
@ForeignKey(() => User, ['realmId', 'userId'], ['realmId', 'userId'], { name: 'account_members_user_fkey', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['realmId', 'accountId'], ['realmId', 'userId'], { name: 'account_members_account_fkey', onDelete: 'CASCADE' })
@Index('account_members_account_idx', ['realmId', 'accountId'])
export class AccountMember {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'account_members_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'account_members_pkey' })
  userId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'account_id', primaryKeyConstraintName: 'account_members_pkey' })
  accountId!: string;

  /** Whatever the customer calls it. */
  @Column({ type: 'text', nullable: true })
  role!: string | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'joined_at', default: () => 'clock_timestamp()' })
  joinedAt!: string;
}

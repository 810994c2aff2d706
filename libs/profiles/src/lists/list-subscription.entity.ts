import { Column, Entity, ForeignKey, Generated, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';
import { List } from './list.entity.js';

/** What a user said about a list. */
@Entity({ name: 'list_subscriptions' })
@ForeignKey(() => User, ['realmId', 'userId'], ['realmId', 'userId'], { name: 'list_subscriptions_user_fkey', onDelete: 'CASCADE' })
@ForeignKey(() => List, ['realmId', 'listId'], ['realmId', 'listId'], { name: 'list_subscriptions_list_fkey', onDelete: 'CASCADE' })
@Index('list_subscriptions_list_idx', ['realmId', 'listId'])
export class ListSubscription {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'list_subscriptions_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'list_subscriptions_pkey' })
  userId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'list_id', primaryKeyConstraintName: 'list_subscriptions_pkey' })
  listId!: string;

  /** The order of subscribing. */
  // TypeORM knows identity columns beside the primary key; only this decorator's type does not.
  @Generated('identity' as 'increment')
  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: number;

  /** False: the user left the list. */
  @Column({ type: 'boolean' })
  subscribed!: boolean;

  /** When the user first said something about the list. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' })
  since!: string;
}

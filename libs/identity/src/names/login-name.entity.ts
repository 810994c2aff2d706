import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * Whom a name logs in, be it their user name, their login email or both: one user. Kept by a trigger of `logins`, so that no statement can
 * forget to; where a name is another user's already, that refuses the change as the unique index of its kind would.
 */
@Entity({ name: 'login_names' })
@Index('login_names_user_idx', ['realmId', 'userId'])
export class LoginNameRow {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'login_names_pkey' })
  realmId!: string;

  /** Canonical. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'login_names_pkey' })
  name!: string;

  @Column({ type: 'uuid', name: 'user_id' })
  userId!: string;
}

import { Check, Column, Entity, Generated, PrimaryColumn } from 'typeorm';
import type { profiles } from '#libs/contracts';

/** A custom field that a project declared. Its values lie in the attributes of users, under its name. */
@Entity({ name: 'profile_fields' })
@Check('profile_fields_type_check', `type IN ('text', 'date', 'number', 'boolean', 'user')`)
@Check('profile_fields_sweep_check', `sweep IN ('remove', 'convert')`)
export class ProfileField {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'profile_fields_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'profile_fields_pkey' })
  name!: string;

  /** The order of declaration. */
  // TypeORM knows identity columns beside the primary key; only this decorator's type does not.
  @Generated('identity' as 'increment')
  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: number;

  @Column({ type: 'text' })
  type!: profiles.FieldType;

  @Column({ type: 'text' })
  label!: string;

  /** What is being done to the stored values, user by user. Until it is done, nobody writes a value of this field. */
  @Column({ type: 'text', nullable: true })
  sweep!: 'remove' | 'convert' | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'modified_at' })
  modifiedAt!: string;

  /** Id of the user or credential that did it. */
  @Column({ type: 'text', name: 'modified_by' })
  modifiedBy!: string;
}

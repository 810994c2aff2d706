import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Which user somebody at a provider is, from their first login on: an address may change, a subject does not. */
@Entity({ name: 'sso_links' })
@Index('sso_links_user_idx', ['realmId', 'userId'])
export class SsoLinkRow {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'sso_links_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'organisation_id', primaryKeyConstraintName: 'sso_links_pkey' })
  organisationId!: string;

  /** Keyed hash of the issuer and its `sub`. */
  @PrimaryColumn({ type: 'bytea', name: 'subject_hash', primaryKeyConstraintName: 'sso_links_pkey' })
  subjectHash!: Buffer;

  @Column({ type: 'uuid', name: 'user_id' })
  userId!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;
}

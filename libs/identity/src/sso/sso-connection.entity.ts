import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How an organisation's people log in at their own identity provider. One a organisation. */
@Entity({ name: 'sso_connections' })
export class SsoConnectionRow {
  @PrimaryColumn({ type: 'uuid', name: 'organisation_id', primaryKeyConstraintName: 'sso_connections_pkey' })
  organisationId!: string;

  @Column({ type: 'text' })
  issuer!: string;

  @Column({ type: 'text', name: 'client_id' })
  clientId!: string;

  /** Sealed under a key of the master key, for this organisation. */
  @Column({ type: 'bytea', name: 'client_secret' })
  clientSecret!: Buffer;

  @Column({ type: 'text', array: true, name: 'domains' })
  emailDomains!: string[];

  @Column({ type: 'boolean', name: 'auto_join', default: false })
  autoJoin!: boolean;

  @Column({ type: 'boolean', name: 'assumes_verified', default: false })
  trustsEmail!: boolean;

  @Column({ type: 'text', array: true, name: 'return_urls', default: () => "'{}'" })
  returnUrls!: string[];

  @Column({ type: 'bigint', default: 1 })
  version!: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'modified_at', default: () => 'now()' })
  modifiedAt!: string;

  @Column({ type: 'text', name: 'modified_by' })
  modifiedBy!: string;
}

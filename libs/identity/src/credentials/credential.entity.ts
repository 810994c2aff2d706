import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { identity } from '#libs/contracts';

/**
 * What a machine authenticates with. Its id is in its key, and the key is all that is known when it is looked up: hence
 * the one table whose primary key does not begin with a project or realm.
 */
@Entity({ name: 'credentials' })
@Index('credentials_project_idx', ['projectId', 'kind', 'credentialId'], { where: 'revoked_at IS NULL' })
@Index('credentials_organisation_idx', ['organisationId', 'kind', 'credentialId'], { where: 'revoked_at IS NULL' })
@Check('credentials_kind_check', "kind IN ('engagement', 'client', 'api-key')")
@Check('credentials_scope_check', "num_nonnulls(project_id, organisation_id) <= 1 AND (kind = 'api-key' OR project_id IS NOT NULL)")
export class CredentialRow {
  @PrimaryColumn({ type: 'uuid', name: 'credential_id', primaryKeyConstraintName: 'credentials_pkey' })
  credentialId!: string;

  @Column({ type: 'text' })
  kind!: identity.CredentialKind;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'uuid', name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column({ type: 'uuid', name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column({ type: 'text', array: true })
  roles!: string[];

  /** SHA-256 of the `rc_pub_…`, `rc_admin_…` or `rc_proj_…`; a client has none. */
  @Column({ type: 'bytea', name: 'key_hash', nullable: true })
  keyHash!: Buffer | null;

  /** SHA-256 of the `rc_sec_…` or `rc_client_…`; an API key has none. */
  @Column({ type: 'bytea', name: 'secret_hash', nullable: true })
  secretHash!: Buffer | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  /** Type and id of the actor: `user:0197…`. */
  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  /** Within a minute. */
  @Column({ type: 'timestamptz', precision: 3, name: 'last_used_at', nullable: true })
  lastUsedAt!: string | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'revoked_at', nullable: true })
  revokedAt!: string | null;

  @Column({ type: 'text', name: 'revoked_by', nullable: true })
  revokedBy!: string | null;
}

import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A completed login whose page has not fetched its tokens yet: for a minute. */
@Entity({ name: 'sso_codes' })
@Index('sso_codes_expires_at_idx', ['expiresAt'])
export class SsoCodeRow {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'sso_codes_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'bytea', name: 'code_hash', primaryKeyConstraintName: 'sso_codes_pkey' })
  codeHash!: Buffer;

  @Column({ type: 'uuid', name: 'user_id' })
  userId!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt!: string;
}

import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An end-user token whose claims were written to the profile; until it expires, which is within a day. */
@Entity({ name: 'token_uses' })
@Index('token_uses_expires_at_idx', ['expiresAt'])
export class TokenUseRow {
  @PrimaryColumn({ type: 'uuid', name: 'project_id', primaryKeyConstraintName: 'token_uses_pkey' })
  projectId!: string;

  /** A hash of the token, and the version of its key. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'token_uses_pkey' })
  token!: string;

  /** Names of claims. */
  @Column({ type: 'text', array: true })
  skipped!: string[];

  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt!: string;
}

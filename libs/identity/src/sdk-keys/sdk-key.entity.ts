import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { identity } from '#libs/contracts';

/** The public half of a key pair with which an application signs tokens for its end users. */
@Entity({ name: 'sdk_keys' })
@Unique('sdk_keys_name_key', ['projectId', 'name'])
@Index('sdk_keys_sdk_key_id_key', ['sdkKeyId'], { unique: true })
export class SdkKeyRow {
  @PrimaryColumn({ type: 'uuid', name: 'project_id', primaryKeyConstraintName: 'sdk_keys_pkey' })
  projectId!: string;

  /** What a token says as `iss`; it is all that is known when the key is looked up. */
  @PrimaryColumn({ type: 'uuid', name: 'sdk_key_id', primaryKeyConstraintName: 'sdk_keys_pkey' })
  sdkKeyId!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  algorithm!: identity.SdkKeyAlgorithm;

  /** JWK (RFC 7517) with nothing but the public key. */
  @Column({ type: 'jsonb', name: 'public_jwk' })
  publicJwk!: Record<string, string>;

  /** Token claim → profile field. */
  @Column({ type: 'jsonb' })
  claims!: Record<string, string>;

  @Column({ type: 'bigint', default: 1 })
  version!: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  /** Type and id of the actor: `user:0197…`. */
  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'modified_at', default: () => 'now()' })
  modifiedAt!: string;

  @Column({ type: 'text', name: 'modified_by' })
  modifiedBy!: string;
}

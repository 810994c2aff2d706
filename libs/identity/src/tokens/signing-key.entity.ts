import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key pair of the deployment that access tokens are signed with. */
@Entity({ name: 'signing_keys' })
export class SigningKeyRow {
  /** UUIDv7, so that keys sort by age. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'signing_keys_pkey' })
  kid!: string;

  @Column({ type: 'text' })
  alg!: string;

  /** JWK (RFC 7517) without `kid`, `alg` and `use`. */
  @Column({ type: 'jsonb', name: 'public_jwk' })
  publicJwk!: Record<string, string>;

  /** PKCS #8, sealed with a key derived from the master key. */
  @Column({ type: 'bytea', name: 'sealed_private_key' })
  sealedPrivateKey!: Buffer;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  /** The newest key of which this is past signs. */
  @Column({ type: 'timestamptz', precision: 3, name: 'active_from', default: () => 'now()' })
  activeFrom!: string;
}

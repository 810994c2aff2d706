import { z } from 'zod';
import { identity, profiles } from '#libs/contracts';
import { nameText } from './management.wire.js';

/** Fields of a profile that a claim can be written to although they are no custom fields. */
const standardFields = new Set(['external_id', 'name', 'email', 'phone', 'city', 'country', 'region', 'timezone']);
const mostClaims = 100;
const idForm = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const memberName = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(128, 'must not be longer than 128 characters').regex(/^\P{C}*$/u, 'must not contain control characters');
const fieldName = memberName.refine((field) => standardFields.has(field) || !profiles.reservedAttributeNames.has(field), 'is a field that Rollcall keeps by itself');

const claims = z
  .record(memberName, fieldName, { error: 'must be an object of token claim → profile field' })
  .refine((mapping) => Object.keys(mapping).length <= mostClaims, `must not name more than ${mostClaims} claims`)
  .refine((mapping) => new Set(Object.values(mapping)).size === Object.keys(mapping).length, 'must not send two claims to one field');

export const putSdkKeyBody = z.strictObject({
  // A token may name its key by id or by name: no name can be mistaken for an id.
  name: nameText.refine((name) => !idForm.test(name), 'must not have the form of an id'),
  public_key: z
    .union([z.string().min(1).max(16_384), z.record(z.string(), z.unknown())], { error: 'must be a public key as PEM text or as a JWK' })
    .describe('PEM text, or a JWK. A private key is refused'),
  algorithm: z.enum(identity.sdkKeyAlgorithm.options, { error: 'must be RS256, ES256 or EdDSA' }),
  claims: claims.nullish().transform((mapping) => mapping ?? {}).describe('Token claim → profile field'),
});

export const sdkKeyObject = z.object({
  sdk_key_id: z.string(),
  name: z.string(),
  algorithm: identity.sdkKeyAlgorithm,
  public_key: z.record(z.string(), z.string()).describe('As a JWK'),
  claims: z.record(z.string(), z.string()),
  created_at: z.string(),
  updated_at: z.string(),
});
export type SdkKeyObject = z.output<typeof sdkKeyObject>;

export function toSdkKeyObject({ sdkKeyId, name, algorithm, publicJwk, claims: mapping, createdAt, modifiedAt }: identity.SdkKey): SdkKeyObject {
  return { sdk_key_id: sdkKeyId, name, algorithm, public_key: publicJwk, claims: mapping, created_at: createdAt, updated_at: modifiedAt };
}

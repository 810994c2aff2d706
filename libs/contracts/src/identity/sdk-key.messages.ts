import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';

/** How end-user tokens of a key are signed (RFC 7518, RFC 8037). */
export const sdkKeyAlgorithm = z.enum(['RS256', 'ES256', 'EdDSA']);
export type SdkKeyAlgorithm = z.output<typeof sdkKeyAlgorithm>;

/** Token claim → name of the profile field that it is written to. */
export const claimMapping = z.record(z.string().min(1).max(128), z.string().min(1).max(128));

/** The public half of a key pair with which an application signs tokens for its end users. */
export const sdkKey = z.object({
  sdkKeyId: id,
  projectId: id,
  name: z.string(),
  algorithm: sdkKeyAlgorithm,
  /** JWK (RFC 7517) with nothing but the key: `{"kty":"OKP","crv":"Ed25519","x":"…"}`. */
  publicJwk: z.record(z.string(), z.string()),
  claims: claimMapping,
  /** Raised by every change: what was concluded from a lower one has to be concluded anew. */
  version: z.number().int(),
  createdAt: timestamp,
  modifiedAt: timestamp,
});
export type SdkKey = z.output<typeof sdkKey>;

/** Registers a key under a name of the project, or replaces the one that has the name, which keeps its id. */
export const putSdkKey = defineMessage({
  subject: 'identity.sdk-key.put',
  request: z.object({
    projectId: id,
    /** The id the key gets if its name is new. */
    newSdkKeyId: id,
    name: z.string().min(1).max(200),
    /** PEM text, or a JWK. A private key is refused and kept nowhere. */
    publicKey: z.union([z.string().max(16_384), z.record(z.string(), z.unknown())]),
    algorithm: sdkKeyAlgorithm,
    claims: claimMapping,
    actor,
  }),
  response: sdkKey,
  errors: ['sdk-key-refused'],
});

/** The SDK keys of a project, newest first. */
export const listSdkKeys = defineMessage({
  subject: 'identity.sdk-key.list',
  request: z.object({ projectId: id, limit: z.number().int().min(1).max(100), cursor: z.string().max(512).optional() }),
  response: z.object({ sdkKeys: z.array(sdkKey), nextCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
});

export const getSdkKey = defineMessage({
  subject: 'identity.sdk-key.get',
  request: z.object({ projectId: id, sdkKeyId: id }),
  response: sdkKey,
  errors: ['sdk-key-not-found'],
});

/** The key that signed a token: by its id, which says the project too, or by its name in a project. */
export const findSdkKey = defineMessage({
  subject: 'identity.sdk-key.find',
  request: z.union([z.object({ sdkKeyId: id }), z.object({ projectId: id, name: z.string().min(1).max(200) })]),
  response: sdkKey,
  errors: ['sdk-key-not-found'],
});

/** Takes a key away, and with it every token that it signed. */
export const removeSdkKey = defineMessage({
  subject: 'identity.sdk-key.remove',
  request: z.object({ projectId: id, sdkKeyId: id, actor }),
  response: z.object({}),
  errors: ['sdk-key-not-found'],
});

/** Names a token without telling it: a hash of it, and the version of its key. */
const tokenName = z.string().min(1).max(100);

/** Whether the claims of an end-user token were written to the profile, whichever gateway did it. Told until the token expires. */
export const findTokenUse = defineMessage({
  subject: 'identity.end-user-token.find-use',
  request: z.object({ projectId: id, token: tokenName }),
  /** `skipped`: names of the claims that the profile did not take. Null: not written yet. */
  response: z.object({ use: z.object({ skipped: z.array(z.string()) }).nullable() }),
});

/** Notes that they were written; a token that is noted already stays as it is. */
export const noteTokenUse = defineMessage({
  subject: 'identity.end-user-token.note-use',
  request: z.object({ projectId: id, token: tokenName, skipped: z.array(z.string().max(128)).max(1_000), expiresAt: timestamp }),
  response: z.object({}),
});

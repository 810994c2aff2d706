import { createPublicKey, type KeyObject } from 'node:crypto';
import { identity } from '#libs/contracts';

type GivenKey = string | Record<string, unknown>;

/** Members of a JWK that only a private or symmetric key has (RFC 7518, RFC 8037). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const leastRsaBits = 2_048;
/** Verifying with a larger one takes so long that it would serve to keep us busy. */
const mostRsaBits = 8_192;

/**
 * Reads the public key that somebody registers.
 * @returns a JWK with nothing but the public key
 * @throws Failure `sdk-key-refused` in one sentence that holds nothing of the key
 */
export function readPublicKey(given: GivenKey, algorithm: identity.SdkKeyAlgorithm): Record<string, string> {
  if (isPrivate(given)) throw refused('is a private key: never send that one anywhere. Make a new key pair, since this one has been shown, and register the public half');
  const key = typeof given === 'string' ? readPem(given) : readJwk(given, algorithm);
  const mistake = mistakeFor(key, algorithm);
  if (mistake !== undefined) throw refused(mistake);
  return key.export({ format: 'jwk' }) as Record<string, string>;
}

/** Looked at before anything else is: Node would make a public key of a private one without a word. */
function isPrivate(given: GivenKey): boolean {
  if (typeof given !== 'string') return privateMembers.some((member) => Object.hasOwn(given, member));
  return /PRIVATE KEY/i.test(given) || /"(d|k)"\s*:/.test(given);
}

function readPem(text: string): KeyObject {
  const blocks = text.match(/-----BEGIN [^-]*-----/g) ?? [];
  if (blocks.length !== 1 || !/^\s*-----BEGIN (RSA )?PUBLIC KEY-----/.test(text)) throw refused('must be one public key as PEM (-----BEGIN PUBLIC KEY-----) or as a JWK');
  try {
    return createPublicKey(text);
  } catch {
    throw refused('can\'t be read as a PEM public key');
  }
}

function readJwk(jwk: Record<string, unknown>, algorithm: identity.SdkKeyAlgorithm): KeyObject {
  if (jwk['alg'] !== undefined && jwk['alg'] !== algorithm) throw refused(`says in its alg that it is for something else than ${algorithm}`);
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') throw refused('says in its use that it is not for signatures');
  try {
    return createPublicKey({ key: jwk as never, format: 'jwk' });
  } catch {
    throw refused('can\'t be read as a JWK');
  }
}

function mistakeFor({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject, algorithm: identity.SdkKeyAlgorithm): string | undefined {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = asymmetricKeyDetails;
  switch (algorithm) {
    case 'RS256':
      if (asymmetricKeyType !== 'rsa') return 'must be an RSA key for RS256';
      if (modulusLength < leastRsaBits) return `must have at least ${leastRsaBits} bits, and has ${modulusLength}`;
      if (modulusLength > mostRsaBits) return `must have at most ${mostRsaBits} bits, and has ${modulusLength}`;
      // With the exponent 1 everybody can sign.
      return publicExponent < 3n || publicExponent > 0xffff_ffffn || publicExponent % 2n === 0n ? 'must have an odd public exponent from 3 to 2^32, such as 65537' : undefined;
    case 'ES256':
      return asymmetricKeyType === 'ec' && namedCurve === 'prime256v1' ? undefined : 'must be a key on the curve P-256 for ES256';
    case 'EdDSA':
      return asymmetricKeyType === 'ed25519' ? undefined : 'must be an Ed25519 key for EdDSA';
  }
}

function refused(message: string) {
  return identity.identityErrors.failure('sdk-key-refused', `The public key ${message}.`, { details: [{ path: 'publicKey', message }] });
}

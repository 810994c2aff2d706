import { httpErrors } from '../http/http-errors.js';

/** The parts of `Authorization: Basic` (RFC 7617); undefined when there is none. */
export function basicCredentials(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? { user: text, password: '' } : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The token of `Authorization: Bearer` (RFC 6750); undefined when there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '')?.[1];
}

export function missingCredentials(wanted: string) {
  return httpErrors.failure('credentials-missing', `This call needs ${wanted}.`);
}

/** Longer than any credential of ours. */
export const longestCredential = 256;

/** One answer for every credential that is not accepted: it must not tell how close a guess was. */
export function invalidCredentials() {
  return httpErrors.failure('credentials-invalid', 'The credentials are not valid.');
}

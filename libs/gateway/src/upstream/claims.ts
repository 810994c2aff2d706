import type { JWTPayload } from 'jose';
import { emailOrNone, scalar, type profiles, type Scalar } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';

/** A claim of a token that goes to a profile field. */
export interface MappedClaim {
  claim: string;
  field: string;
  value: Scalar;
}

export interface MappedClaims {
  taken: MappedClaim[];
  /** Names of claims that no profile can take. */
  skipped: string[];
}

type TextField = 'displayName' | 'email' | 'phone' | 'city' | 'country' | 'region' | 'timezone';

/** Standard fields of surface A, and what profiles call them. Every other field is a custom one. */
const standardFields: ReadonlyMap<string, TextField> = new Map([
  ['name', 'displayName'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['city', 'city'],
  ['country', 'country'],
  ['region', 'region'],
  ['timezone', 'timezone'],
]);

/**
 * Reads the claims that a key maps. A claim that is absent or null removes nothing.
 * @param mapping token claim → profile field
 */
export function mapClaims(mapping: Readonly<Record<string, string>>, payload: JWTPayload): MappedClaims {
  const result: MappedClaims = { taken: [], skipped: [] };
  for (const [claim, field] of Object.entries(mapping)) {
    const value = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
    if (value === undefined || value === null) continue;
    // The uid is the external id, and a token can't be of one user and name another.
    if (field === 'external_id') {
      if (value !== payload.sub) result.skipped.push(claim);
      continue;
    }
    const parsed = scalar.safeParse(value);
    if (parsed.success && suits(field, parsed.data)) result.taken.push({ claim, field, value: parsed.data });
    else result.skipped.push(claim);
  }
  return result;
}

function suits(field: string, value: Scalar): boolean {
  if (!standardFields.has(field)) return true;
  return typeof value === 'string' && (field !== 'email' || emailOrNone.safeParse(value).success);
}

export function toPatch(claims: readonly MappedClaim[]): profiles.ProfilePatch {
  const patch: profiles.ProfilePatch = {};
  const attributes: [string, Scalar][] = [];
  for (const { field, value } of claims) {
    const standard = standardFields.get(field);
    if (standard === undefined) attributes.push([field, value]);
    else patch[standard] = String(value);
  }
  return attributes.length === 0 ? patch : { ...patch, attributes: Object.fromEntries(attributes) };
}

/** The claims for which profiles refused to write the one user; none when it was for something else. */
export function refusedClaims(error: unknown, claims: readonly MappedClaim[]): MappedClaim[] {
  if (isFailure(error, 'email-taken') || isFailure(error, 'login-outranks')) return claims.filter(({ field }) => field === 'email');
  if (!isFailure(error, 'invalid-profile') && !isFailure(error, 'invalid-request')) return [];
  // A message that breaks its own schema writes places in another way.
  const paths = new Set(error.value.details?.map(({ path }) => path.replace(/^users(\[0\]|\.0)\.patch\./, '')));
  // Attributes that are too many or too large altogether are refused as one.
  return claims.filter(({ field }) => paths.has(placeOf(field)) || (paths.has('attributes') && !standardFields.has(field)));
}

function placeOf(field: string): string {
  return standardFields.get(field) ?? `attributes.${field}`;
}

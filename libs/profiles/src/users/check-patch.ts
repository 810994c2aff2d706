import { isStorable, profiles } from '#libs/contracts';
import { mistakesSentence, type FailureDetail } from '#libs/platform/errors';
import { isStorableJson, jsonBytes, storableTime, unstorableDetail } from '../database/storable.js';

const { profileLimits, profilesErrors, reservedAttributeNames } = profiles;

const texts = ['displayName', 'firstName', 'lastName', 'email', 'phone', 'notes', 'city', 'country', 'region', 'timezone'] as const;
const deviceTokenBytes = 4 * 1024;

/**
 * Refuses what can be refused without looking at the user, and gives values the form they are kept in.
 * @throws Failure `invalid-profile` with every mistake: `email`, `attributes.plan`, `device.token`
 */
export function checkPatch(externalId: string | undefined, patch: profiles.ProfilePatch): profiles.ProfilePatch {
  const details: FailureDetail[] = [];
  if (externalId !== undefined && !isStorable(externalId)) details.push(unstorableDetail('externalId'));
  for (const field of texts) if (!isStorable(patch[field] ?? '')) details.push(unstorableDetail(field));
  for (const [key, value] of Object.entries(patch.attributes ?? {})) details.push(...attributeMistakes(key, value));
  for (const [key, value] of Object.entries(patch.preferences ?? {})) if (!isStorable(key) || !isStorableJson(value)) details.push(unstorableDetail(`preferences.${key}`));
  if (patch.device !== undefined) details.push(...tokenMistakes(patch.device.token));
  const createdAt = typeof patch.createdAt === 'string' ? storableTime(patch.createdAt) : null;
  if (createdAt === undefined) details.push({ path: 'createdAt', message: 'must be a time in the years 1 to 9999' });
  if (details.length > 0) throw invalidProfile(details);
  // An empty email is how some clients say that there is none; kept as it is, it would be somebody's address.
  return { ...patch, createdAt, ...(patch.email === '' && { email: null }) };
}

/**
 * What a user's attributes may come to altogether.
 * @throws Failure `invalid-profile`
 */
export function checkAttributes(attributes: profiles.Profile['attributes']): void {
  const keys = Object.keys(attributes).length;
  if (keys > profileLimits.attributeKeys) {
    throw invalidProfile([{ path: 'attributes', message: `may have at most ${profileLimits.attributeKeys} keys, and would have ${keys}` }]);
  }
  const bytes = jsonBytes(attributes);
  if (bytes > profileLimits.attributesBytes) {
    throw invalidProfile([{ path: 'attributes', message: `may take at most ${profileLimits.attributesBytes} bytes as JSON, and would take ${bytes}` }]);
  }
}

export function invalidProfile(details: FailureDetail[]) {
  return profilesErrors.failure('invalid-profile', mistakesSentence(details, 'The profile'), { details });
}

function attributeMistakes(key: string, value: string | number | boolean | null): FailureDetail[] {
  const path = `attributes.${key}`;
  if (reservedAttributeNames.has(key)) return [{ path, message: 'is the name of a standard field and can\'t be an attribute' }];
  if (!isStorable(key) || (typeof value === 'string' && !isStorable(value))) return [unstorableDetail(path)];
  if (typeof value === 'string' && jsonBytes(value) > profileLimits.attributeValueBytes) {
    return [{ path, message: `may take at most ${profileLimits.attributeValueBytes} bytes as JSON` }];
  }
  return [];
}

function tokenMistakes(token: string): FailureDetail[] {
  if (!isStorable(token)) return [unstorableDetail('device.token')];
  if (token === '' || Buffer.byteLength(token) > deviceTokenBytes) return [{ path: 'device.token', message: `must have 1 to ${deviceTokenBytes} bytes` }];
  return [];
}

/**
 * What a user's preferences may come to altogether.
 * @throws Failure `invalid-profile`
 */
export function checkPreferences(preferences: profiles.Profile['preferences']): void {
  const bytes = jsonBytes(preferences);
  if (bytes <= profileLimits.preferencesBytes) return;
  throw invalidProfile([{ path: 'preferences', message: `may take at most ${profileLimits.preferencesBytes} bytes as JSON, and would take ${bytes}` }]);
}

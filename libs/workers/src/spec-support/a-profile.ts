import type { profiles } from '#libs/contracts';

/** Ada, as profiles would tell her. */
export function profileOf(realmId: string, userId: string): profiles.Profile {
  const empty = { displayName: null, lastName: null, phone: null, notes: null, city: null, country: null, region: null, timezone: null, preferencesUpdatedAt: null, firstSeenAt: null, lastSeenAt: null, userName: null };
  const at = new Date().toISOString();
  return { userId, realmId, externalId: 'ada', uid: 'ada', firstName: 'Ada', email: 'ada@example.com', ...empty, preferences: {}, attributes: { plan: 'pro' }, devices: [], isAccount: false, accounts: [], lists: [], segments: [], activity: {}, createdAt: at, createdBy: 'x', modifiedAt: at, modifiedBy: 'x', version: 3, isActive: true, roles: [] };
}

import type { profiles } from '#libs/contracts';

/** A profile as the contract has it, of which only what identity looks at is told. */
export function profileOf({ realmId, userId, email, externalId, createdAt = '2026-01-01T00:00:00.000Z' }: { realmId: string; userId: string; email: string | null; externalId: string | null; createdAt: string | undefined }): profiles.Profile {
  return {
    ...{ userId, realmId, externalId, uid: externalId ?? email ?? userId, email },
    ...{ displayName: null, firstName: null, lastName: null, phone: null, notes: null, city: null, country: null, region: null, timezone: null },
    ...{ preferences: {}, preferencesUpdatedAt: null, attributes: {}, activity: {}, devices: [], isAccount: false, accounts: [], lists: [], segments: [], firstSeenAt: null, lastSeenAt: null },
    ...{ createdAt, createdBy: 'system:rollcall', modifiedAt: createdAt, modifiedBy: 'system:rollcall', version: 1, userName: null, isActive: true, roles: [] },
  };
}

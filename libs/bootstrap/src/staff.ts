import { v7 as uuidv7 } from 'uuid';
import { identity, profiles, staffRealmId, systemActor } from '#libs/contracts';
import type { PatientCalls } from './patient-calls.js';

/** Finds the member of staff with the address, or makes one. @returns the user's id */
export async function ensureStaff(calls: PatientCalls, { email, displayName }: { email: string; displayName: string }): Promise<string> {
  const present = await calls.find(profiles.getUser, { realmId: staffRealmId, user: { uid: email } }, 'user-not-found');
  if (present !== undefined) return present.userId;
  const request = { realmId: staffRealmId, newUserId: uuidv7(), patch: { displayName, email }, actor: systemActor };
  return (await calls.call(profiles.upsertUser, request)).user.userId;
}

export async function setStaffPassword(calls: PatientCalls, userId: string, password: string): Promise<void> {
  await calls.call(identity.setPassword, { realmId: staffRealmId, userId, password, keepSessionId: null, actor: systemActor });
}

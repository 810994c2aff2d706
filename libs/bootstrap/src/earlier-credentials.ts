import { identity, systemActor } from '#libs/contracts';
import type { PatientCalls } from './patient-calls.js';

/**
 * Revokes what an earlier run made under the name: its secrets went with the file that they were written to. What people
 * made is left alone, whatever they called it.
 */
export async function revokeEarlier(calls: PatientCalls, group: identity.CredentialGroup, name: string): Promise<void> {
  for (const credentialId of await madeByUs(calls, group, name)) {
    // Not found: revoked by a try whose answer was lost.
    await calls.find(identity.revokeCredential, { credentialId, group, actor: systemActor }, 'credential-not-found');
  }
}

async function madeByUs(calls: PatientCalls, group: identity.CredentialGroup, name: string): Promise<string[]> {
  const ours: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await calls.call(identity.listCredentials, { group, limit: 100, cursor });
    ours.push(...page.credentials.filter((one) => one.name === name && one.createdBy === `${systemActor.type}:${systemActor.id}`).map(({ credentialId }) => credentialId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ours;
}

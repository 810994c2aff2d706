import type { identity } from '#libs/contracts';
import type { NewAuditEntry } from '#libs/platform/audit';

/** What administrators call each kind. */
export const publicKind: Record<identity.CredentialKind, string> = { engagement: 'engagement-key', client: 'api-client', 'api-key': 'api-key' };

/** What a credential is as the target of an action, and whose. */
export function auditPlace({ credentialId, kind, projectId, organisationId }: Pick<identity.Credential, 'credentialId' | 'kind' | 'projectId' | 'organisationId'>): Pick<NewAuditEntry, 'target' | 'projectId' | 'organisationId'> {
  return { target: { type: publicKind[kind], id: credentialId }, projectId, organisationId };
}

import { membership } from '#libs/contracts';
import type { StoredInvitation } from './invitations.repository.js';

const { membershipErrors } = membership;

/** @throws Failure `invitation-invalid`, `invitation-expired` */
export function acceptable(invitation: StoredInvitation | undefined): StoredInvitation {
  if (invitation?.status === 'expired') throw membershipErrors.failure('invitation-expired', 'The invitation has expired: ask for a new one.');
  if (invitation === undefined || invitation.status === 'cancelled') throw membershipErrors.failure('invitation-invalid', 'There is no such invitation, or a newer mail has replaced it.');
  return invitation;
}

import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { mailState } from '../mail/mail.js';
import { profile } from '../profiles/user.messages.js';
import { actor, id, timestamp } from '../values.js';
import { scope } from './access.messages.js';

/** One may be accepted while it is `pending`; what it asks for was given once it is `accepted`. */
export const invitationStatus = z.enum(['pending', 'accepted', 'expired', 'cancelled']);
export type InvitationStatus = z.output<typeof invitationStatus>;

/** Of a mail that waits `queued`; one that was not sent because it was over counts as `failed`. */
export const emailStatus = mailState.exclude(['dropped']);

/** Somebody is asked to take a role at one place. */
export const invitation = z.object({
  invitationId: id,
  userId: id,
  email: z.string(),
  role: z.string(),
  /** Where the role is; for a team or a project its organisation too. All null: the deployment. */
  organisationId: id.nullable(),
  teamId: id.nullable(),
  projectId: id.nullable(),
  status: invitationStatus,
  /** Of its last mail; null while nobody can say. */
  emailStatus: emailStatus.nullable(),
  invitedBy: actor,
  createdAt: timestamp,
  expiresAt: timestamp,
  /** When it was accepted, expired or cancelled. */
  closedAt: timestamp.nullable(),
});
export type Invitation = z.output<typeof invitation>;

/** Who was invited, as membership knows them. */
export const invitedUser = z.object({
  userId: id,
  /** `invited` until they have accepted an invitation, wherever it was. */
  status: z.enum(['invited', 'active']),
  globalRole: z.string().nullable(),
  organisations: z.array(z.object({ organisationId: id, name: z.string(), role: z.string(), status: z.string() })),
});

/** What profiles says of who was invited, which the answer shows too. */
export const invitedProfile = profile.pick({ userId: true, displayName: true, email: true, isActive: true, preferences: true, createdAt: true, modifiedAt: true });
export type InvitedProfile = z.output<typeof invitedProfile>;

const placeNotFound = ['organisation-not-found', 'team-not-found', 'project-not-found'] as const;

/**
 * Invites somebody by their address, whose case does not count: a new member of staff, or one who is there. Inviting anew
 * while the invitation is pending replaces its role and its token, and sends again.
 */
export const inviteUser = defineMessage({
  subject: 'membership.invitation.create',
  request: z.object({
    /** The ids that the invitation and the user get if they are new. */
    invitationId: id,
    newUserId: id,
    email: z.string().min(3).max(320),
    scope,
    role: z.string().max(64),
    actor,
  }),
  /** `profile`: absent where the request was answered before, or a service of the release before answers. */
  response: z.object({ invitation, user: invitedUser, created: z.boolean(), profile: invitedProfile.optional() }),
  errors: [...placeNotFound, 'role-unknown', 'role-held', 'member-inactive', 'invited-too-often', 'user-not-found', 'invitation-not-found', 'email-taken', 'invalid-profile'],
  deadlineMs: 15_000,
});

/**
 * Takes the `Idempotency-Key` of a request for several invitations, before the first of them is sent; for the same request as often as it is made. It promises
 * nothing of the invitations: each is sent under a key of its own, which its own transaction claims.
 */
export const beginInvitations = defineMessage({
  subject: 'membership.invitation.begin-batch',
  request: z.object({}),
  response: z.object({}),
});

/** Of a place: of an organisation those into its teams and projects too, of the deployment all. Newest first. */
export const listInvitations = defineMessage({
  subject: 'membership.invitation.list',
  request: z.object({ place: scope, status: invitationStatus.optional(), limit: z.number().int().min(1).max(100), after: z.string().max(512).optional() }),
  response: z.object({ invitations: z.array(invitation), nextCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
});

export const getInvitation = defineMessage({
  subject: 'membership.invitation.get',
  request: z.object({ invitationId: id }),
  response: invitation,
  errors: ['invitation-not-found'],
});

/** A new token, a new term, a new mail. The token that is out is worth nothing from then on. */
export const resendInvitation = defineMessage({
  subject: 'membership.invitation.resend',
  request: z.object({ invitationId: id, actor }),
  response: invitation,
  errors: ['invitation-not-found', 'invitation-closed', 'invited-too-often'],
});

/** Takes an invitation back. Idempotent. */
export const cancelInvitation = defineMessage({
  subject: 'membership.invitation.cancel',
  request: z.object({ invitationId: id, actor }),
  response: z.object({}),
  errors: ['invitation-not-found', 'invitation-closed'],
});

/**
 * Accepts an invitation by the token that was mailed. Somebody who can't log in yet gives a password; of others, and when
 * asked again, neither password nor name is looked at.
 */
export const acceptInvitation = defineMessage({
  subject: 'membership.invitation.accept',
  request: z.object({ token: z.string().min(1).max(512), password: z.string().max(1_024).nullable(), displayName: z.string().max(200).nullable() }),
  response: z.object({ invitation, user: invitedUser }),
  errors: ['invitation-invalid', 'invitation-expired', 'password-required', 'password-refused', 'member-inactive', 'user-not-found', 'hashing-overloaded', 'email-missing', 'email-taken', 'invalid-profile'],
  deadlineMs: 15_000,
});

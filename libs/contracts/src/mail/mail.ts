import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId, timestamp } from '../values.js';

/**
 * Mails, as the service that has one sent and the workers that send it agree on them. The service commits a row of its own
 * and its event `<service>.mail.requested`; at delivery the workers ask it, by `<service>.mail.get`, what to say to whom.
 * So an address, a name or a token is in no event, no job and no table of the workers'.
 */

/** Raw, for the link. It is in the answer to `mail.get` and in the mail, and nowhere else. */
const token = z.string().min(1).max(512);

/** What a mail says: its template, and what that needs. Text that a user typed is given as it was typed. */
export const mailContent = z.discriminatedUnion('template', [
  z.object({ template: z.literal('password-reset'), token, expiresAt: timestamp }),
  /** Tells that the user's password was changed; `isFirst`: that an administrator gave them one, with which they can log in. `mustChange`: at the next login. */
  z.object({ template: z.literal('password-changed'), changedAt: timestamp, by: z.enum(['user', 'reset', 'administrator']), mustChange: z.boolean(), isFirst: z.boolean().default(false) }),
  z.object({ template: z.literal('email-verification'), token, expiresAt: timestamp }),
  /** To a new address, before it replaces the present one. */
  z.object({ template: z.literal('email-change'), token, expiresAt: timestamp }),
  /** To the present address: somebody asked for the change, or has confirmed it; or, to the one there was, others have made it. `newEmail` is masked; without `@` there is none any more. */
  z.object({ template: z.literal('email-change-notice'), newEmail: z.string().max(320), confirmed: z.boolean(), by: z.enum(['user', 'others']).default('user'), changedAt: timestamp }),
  /** Into an organisation, or one of its teams or projects: `place` is that one's name. */
  z.object({
    template: z.literal('invitation'),
    token,
    expiresAt: timestamp,
    inviter: z.string().max(200).nullable(),
    organisation: z.string().max(200),
    place: z.string().max(200).nullable(),
    role: z.string().max(100),
  }),
]);
export type MailContent = z.output<typeof mailContent>;
export const mailTemplate = z.enum(mailContent.options.map((option) => option.shape.template.value) as [MailContent['template'], ...MailContent['template'][]]);

export const mailToSend = z.object({ to: z.string().min(3).max(320), content: mailContent });
export type MailToSend = z.output<typeof mailToSend>;

/** Data of `<service>.mail.requested`. `userId` is whom it is about, so that it goes when they are erased; null: nobody known. */
export const mailRequest = z.object({ realmId, mailId: id, userId: id.nullable(), template: mailTemplate });
export type MailRequest = z.output<typeof mailRequest>;

const getMailFrom = (service: string) =>
  defineMessage({
    subject: `${service}.mail.get`,
    request: z.object({ realmId, mailId: id }),
    /** Null: it is not to be sent any more, because what it says is over. The same mail asked for again says the same. */
    response: z.object({ mail: mailToSend.nullable() }),
  });

/** What a mail says, to whom, at the moment of its delivery: asked of the service that has it sent, which handles its own of these. */
export const getMail = { identity: getMailFrom('identity'), membership: getMailFrom('membership') } as const;
export type MailOwner = keyof typeof getMail;

/**
 * - `queued`: waits for its turn, or for the mail server
 * - `sent`: the mail server took it, or it was written to its file
 * - `failed`: given up; the mail server refuses the address, or could not be reached for days
 * - `dropped`: not sent, because what it says was over by then
 */
export const mailState = z.enum(['queued', 'sent', 'failed', 'dropped']);
export type MailState = z.output<typeof mailState>;

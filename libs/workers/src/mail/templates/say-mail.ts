import type { MailContent } from '#libs/contracts';
import { inWords, oneLine, type MailText } from './mail-text.js';

/** Where links lead, and in whose name the mail speaks. */
export interface MailVoice {
  /** The application, as its users know it: the project's name, or Rollcall's for staff. */
  readonly sender: string;
  /** The page that takes a token: `page('reset-password', token)`. */
  readonly page: (name: MailPage, token: string) => string;
}

/** The pages of an application that mails lead to, relative to its link base. */
export type MailPage = 'reset-password' | 'verify-email' | 'confirm-email' | 'accept-invitation';

const notYou = 'If you did not ask for this, you need do nothing: without the link nothing happens.';
const onlyOnce = (expiresAt: string) => `The link works once, until ${inWords(expiresAt)}.`;

/** The words of each mail. They greet nobody by name: anybody can type a name and somebody else's address. */
export function sayMail(content: MailContent, { sender, page }: MailVoice): MailText {
  const application = oneLine(sender);
  switch (content.template) {
    case 'password-reset':
      return {
        subject: `Reset your password for ${application}`,
        preview: 'Choose a new password.',
        heading: 'Reset your password',
        paragraphs: [`Somebody, hopefully you, asked for a new password for your account at ${application}.`],
        action: { label: 'Choose a new password', url: page('reset-password', content.token) },
        remarks: [onlyOnce(content.expiresAt), `${notYou} Your password stays as it is.`],
      };
    case 'password-changed':
      return passwordChanged(content, application);
    case 'email-verification':
      return {
        subject: `Confirm your email address for ${application}`,
        preview: 'Confirm that this address is yours.',
        heading: 'Confirm your email address',
        paragraphs: [`Please confirm that this address belongs to your account at ${application}.`],
        action: { label: 'Confirm this address', url: page('verify-email', content.token) },
        remarks: [onlyOnce(content.expiresAt), notYou],
      };
    case 'email-change':
      return {
        subject: `Confirm your new email address for ${application}`,
        preview: 'Confirm that this address is yours.',
        heading: 'Confirm your new email address',
        paragraphs: [`Somebody, hopefully you, wants to use this address for an account at ${application} from now on.`],
        action: { label: 'Use this address', url: page('confirm-email', content.token) },
        remarks: [onlyOnce(content.expiresAt), notYou],
      };
    case 'email-change-notice':
      return emailChangeNotice(content, application);
    case 'invitation':
      return invitation(content, application, page);
  }
}

function passwordChanged({ by, mustChange, isFirst, changedAt }: MailContent & { template: 'password-changed' }, application: string): MailText {
  const another = mustChange ? ['You will be asked to choose one of your own when you next log in.'] : [];
  if (isFirst) {
    return {
      subject: `A password for ${application} was set for you`,
      preview: 'An administrator gave your account a password.',
      heading: 'A password was set for you',
      paragraphs: [`An administrator gave your account at ${application} a password on ${inWords(changedAt)}.`, ...another],
      remarks: ['If you do not know of this, ask those who run the application.'],
    };
  }
  const how = { user: 'was changed', reset: 'was reset by a link that we had mailed to you', administrator: 'was set by an administrator' }[by];
  return {
    subject: `Your password for ${application} was changed`,
    preview: 'If that was not you, act now.',
    heading: 'Your password was changed',
    paragraphs: [
      `The password of your account at ${application} ${how} on ${inWords(changedAt)}. Your other sessions have ended.`,
      ...another,
    ],
    remarks: ['If you did not expect this, ask for a new password at once, and tell those who run the application.'],
  };
}

function emailChangeNotice({ newEmail, confirmed, by, changedAt }: MailContent & { template: 'email-change-notice' }, application: string): MailText {
  const to = oneLine(newEmail);
  if (by === 'others') {
    return {
      subject: `Your email address for ${application} was changed`,
      preview: 'If you did not expect that, act now.',
      heading: 'Your email address was changed',
      paragraphs: [
        `On ${inWords(changedAt)} an administrator, or the application itself, changed the address of your account at ${application}. ${to.includes('@') ? `It is ${to} from now on, and mails will go there.` : 'It has none any more.'}`,
      ],
      remarks: ['If you did not expect this, tell those who run the application at once.'],
    };
  }
  return {
    subject: confirmed ? `Your email address for ${application} was changed` : `Your email address for ${application} is about to change`,
    preview: 'If that was not you, act now.',
    heading: confirmed ? 'Your email address was changed' : 'Your email address is about to change',
    paragraphs: [
      confirmed
        ? `Since ${inWords(changedAt)} your account at ${application} uses the address ${to}. Mails will go there.`
        : `On ${inWords(changedAt)} somebody who knew your password asked to use the address ${to} for your account at ${application}. It changes when that is confirmed from there.`,
    ],
    remarks: ['If that was not you, change your password at once, and tell those who run the application.'],
  };
}

function invitation(content: MailContent & { template: 'invitation' }, application: string, page: MailVoice['page']): MailText {
  const organisation = oneLine(content.organisation);
  const where = content.place === null ? organisation : `${oneLine(content.place)} at ${organisation}`;
  const who = content.inviter === null ? 'You have been invited' : `${oneLine(content.inviter)} has invited you`;
  return {
    subject: `${who} to ${where}`,
    preview: `Join ${where} on ${application}.`,
    heading: `Join ${where}`,
    paragraphs: [`${who} to join ${where} on ${application}, as ${oneLine(content.role).replaceAll('_', ' ')}.`],
    action: { label: 'Accept the invitation', url: page('accept-invitation', content.token) },
    remarks: [`The invitation is good until ${inWords(content.expiresAt)}.`, 'If you did not expect it, you need do nothing.'],
  };
}

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defineConfig, httpUrl, url } from '#libs/platform/config';
import { parseMailbox } from './mailbox.js';

const mailbox = 'must be an address such as no-reply@example.com or "Example <no-reply@example.com>"';

export const mailConfig = defineConfig(
  'mail',
  {
    SMTP_URL: url(['smtp:', 'smtps:'], 'an smtp:// or smtps:// address')
      .optional()
      .describe('The mail server, smtp://user:password@host:587 or smtps://…:465. Without it, mails are written as .eml files to the folder mail in ROLLCALL_DATA_DIR ([mail](docs/operating-mail.md))'),
    SMTP_TLS: z
      .enum(['required', 'opportunistic', 'none'], { error: 'must be required, opportunistic or none' })
      .optional()
      .describe('Whether an smtp:// connection must be encrypted (STARTTLS), may be, or is not. Default: required with a password, else opportunistic'),
    SMTP_CA_FILE: z
      .string()
      .refine(isAuthority, 'must be a file with certificates (PEM) that can be read')
      .optional()
      .describe('Certificate authorities (PEM) that the mail server’s certificate may be from, besides the public ones'),
    MAIL_FROM: z
      .string({ error: mailbox })
      .refine((text) => parseMailbox(text) !== undefined, mailbox)
      .default('Rollcall <rollcall@localhost>')
      .describe('Whom mails come from. Those to users of a project bear the project’s name with this address'),
    MAIL_LINK_BASE: httpUrl().optional().describe('Where the links in mails lead: the pages reset-password, verify-email, confirm-email and accept-invitation below this address; default: PUBLIC_URL with /auth'),
  },
  ({ SMTP_URL, SMTP_TLS, MAIL_FROM }) => [
    ...(SMTP_URL !== undefined && MAIL_FROM === 'Rollcall <rollcall@localhost>'
      ? [{ message: 'MAIL_FROM is not set', explain: 'Mails come from rollcall@localhost, which mail servers refuse or throw away.' }]
      : []),
    ...(SMTP_URL !== undefined && SMTP_TLS !== undefined && SMTP_TLS !== 'required' && new URL(SMTP_URL).protocol === 'smtp:' && new URL(SMTP_URL).username !== ''
      ? [{ message: 'SMTP_TLS does not require encryption', explain: 'SMTP_URL has a password, which may cross the network readable.' }]
      : []),
  ],
);

function isAuthority(path: string): boolean {
  try {
    return new X509Certificate(readFileSync(path)).raw.length > 0;
  } catch {
    return false;
  }
}

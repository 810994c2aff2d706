import MimeNode from 'nodemailer/lib/mime-node';
import { encode, wrap } from 'nodemailer/lib/qp';
import type { Mailbox } from './mailbox.js';

/** What a mail is made of: the same in plain text and as HTML. */
export interface MailParts {
  from: Mailbox;
  /** An address alone. */
  to: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  headers: Readonly<Record<string, string>>;
}

const longestLine = 76;

/**
 * A mail as it goes over the wire (RFC 5322, MIME, CRLF line ends). Nodemailer encodes headers and bodies, but does not put them together: what
 * its composer sends each of them through takes five times as long as all the rest of a mail.
 */
export function encodeMail({ from, to, subject, text, html, messageId, headers }: MailParts): Buffer {
  const whole = new MimeNode('multipart/alternative');
  for (const [name, value] of Object.entries(headers)) whole.setHeader(name, value);
  whole.setHeader({ from, to: { name: '', address: to }, subject, 'message-id': messageId });
  const parts = [bodyOf(whole, 'text/plain', text), bodyOf(whole, 'text/html', html)];
  // The head of the whole names what separates the parts.
  const head = whole.buildHeaders();
  const { boundary } = whole;
  return Buffer.from(`${head}\r\n\r\n${parts.map((part) => `--${String(boundary)}\r\n${part}\r\n`).join('')}--${String(boundary)}--\r\n`);
}

function bodyOf(whole: MimeNode, type: string, content: string): string {
  const part = whole.createChild(`${type}; charset=utf-8`);
  part.setHeader('Content-Transfer-Encoding', 'quoted-printable');
  return `${part.buildHeaders()}\r\n\r\n${wrap(encode(content.replace(/\r?\n/g, '\r\n')), longestLine)}`;
}

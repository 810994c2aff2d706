/** What a mail says, apart from how it looks: the HTML and the plain text are both made of it, so that they say the same. */
export interface MailText {
  subject: string;
  /** What mail programs show beside the subject. */
  preview: string;
  heading: string;
  paragraphs: readonly string[];
  /** The button, and in plain text the address. */
  action?: { label: string; url: string };
  /** Below the button, smaller. */
  remarks: readonly string[];
}

/** One line, without anything that could begin another header or turn the text around. For what a user typed. */
export function oneLine(text: string, longest = 120): string {
  // Controls, line and paragraph separators, and the marks that change the direction of text.
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').replace(/\s+/g, ' ').trim();
  const characters = [...plain];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : plain;
}

// Made once: making one costs as much as the rest of a mail.
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** `26 November 2026, 23:20 UTC`. */
export function inWords(timestamp: string): string {
  const at = new Date(timestamp);
  return `${dayFormat.format(at)}, ${timeFormat.format(at)} UTC`;
}

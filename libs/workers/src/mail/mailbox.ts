import addressparser from 'nodemailer/lib/addressparser';

export interface Mailbox {
  name: string;
  address: string;
}

/** One mailbox, `Name <address>` or the address alone; undefined for anything else. */
export function parseMailbox(text: string): Mailbox | undefined {
  const [mailbox, ...others] = addressparser(text, { flatten: true });
  if (mailbox === undefined || others.length > 0 || !/^[^@\s<>]+@[^@\s<>]+$/.test(mailbox.address)) return undefined;
  return { name: mailbox.name, address: mailbox.address };
}

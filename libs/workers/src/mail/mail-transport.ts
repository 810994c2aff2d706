/** A mail as it goes out. */
export interface ComposedMail {
  mailId: string;
  /** Addresses alone, for the mail server. */
  from: string;
  to: string;
  /** RFC 5322, with CRLF line ends. */
  message: Buffer;
}

/**
 * - `sent`: it is the mail server's now
 * - `refused`: the mail server will never take it: trying again is no use
 * - `delayed`: it was certainly not taken, and may be another time
 * - `lost`: nobody knows whether it was taken
 */
export type MailOutcome = { kind: 'sent' } | { kind: 'refused' | 'delayed' | 'lost'; failure: string };

/** How mails leave: to a mail server, or into files. */
export abstract class MailTransport {
  /** Mails that may be sent at the same time, by each process. */
  abstract readonly atOnce: number;

  /** Never throws: whatever happens is an outcome. */
  abstract send(mail: ComposedMail): Promise<MailOutcome>;
}

/** Times of sending mail. The defaults suit every deployment; specs shorten them. */
export class MailTuning {
  /** To connect, and then to be greeted. */
  connectMs = 10_000;
  /** The longest silence of the mail server's. */
  silenceMs = 30_000;
  /** One attempt, all in all. */
  attemptMs = 60_000;
  /** An attempt that was not settled after this is taken for dead; longer than one may take. */
  leaseSeconds = 90;
  /** How long what is known of a mail, and its file, are kept after it was finished. */
  keptDays = 90;
}

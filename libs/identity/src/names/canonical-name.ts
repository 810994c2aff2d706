/**
 * The form in which user names and emails are compared: NFKC, so that look-alike encodings of one text are one name, and
 * lower case, also for the part before an email's `@` (RFC 5321 lets hosts tell cases apart there, and none does).
 */
export function canonicalName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

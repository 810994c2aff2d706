/** Identity was asked, and agrees that the email by which a user logs in becomes this one. */
export interface EmailAgreement {
  userId: string;
  email: string | null;
  /** Identity's version of the login, as it was known here before identity was asked. */
  loginVersion: number;
}

/**
 * Not once identity has told of something newer: it may have agreed to another email since, which was written here in between, and no event would say any more that
 * the two differ. What is told after the write corrects it.
 * @param wanted with the version as it is known now
 */
export function isAgreed(agreed: EmailAgreement | undefined, wanted: EmailAgreement): boolean {
  return agreed !== undefined && agreed.userId === wanted.userId && agreed.email === wanted.email && agreed.loginVersion >= wanted.loginVersion;
}

import { errorKinds, type ErrorCode } from '../http/error-codes.js';
import { httpErrorTexts } from './error-texts.http.js';
import { identityErrorTexts } from './error-texts.identity.js';
import { membershipErrorTexts } from './error-texts.membership.js';
import { profilesErrorTexts } from './error-texts.profiles.js';

/** What each code means and what to do about it, in Markdown's backticks. A code without a text does not compile. */
export const errorTexts: Readonly<Record<ErrorCode, string>> = { ...httpErrorTexts, ...identityErrorTexts, ...membershipErrorTexts, ...profilesErrorTexts };

/** Texts of codes that nothing answers any more. */
export const textsWithoutCode: readonly string[] = Object.keys(errorTexts).filter((code) => !(code in errorKinds));

import { z } from 'zod';
import { defineConfig, duration, httpOrigin, list, wholeNumber } from '#libs/platform/config';

export const identityConfig = defineConfig(
  'identity',
  {
    TOKEN_ISSUER: z.string().min(1).max(256).default('rollcall').describe('`iss` of the tokens that Rollcall signs; usually its PUBLIC_URL'),
    SIGNING_ALGORITHM: z.enum(['EdDSA', 'ES256'], { error: 'must be EdDSA or ES256' }).default('EdDSA').describe('What tokens are signed with: EdDSA (Ed25519), or ES256 for verifiers that know no EdDSA'),
    SIGNING_KEY_ROTATION: duration().default(90 * 86_400).describe('How old a signing key may be before another one takes its place'),
    ACCESS_TOKEN_TTL: duration().default(600).describe('How long an access token of a user is valid'),
    REFRESH_TOKEN_IDLE_TTL: duration().default(14 * 86_400).describe('How long a session lasts without being used'),
    REFRESH_TOKEN_TTL: duration().default(90 * 86_400).describe('How long a session lasts at the most'),
    PASSWORD_MIN_LENGTH: wholeNumber({ min: 8, max: 64 }).default(8).describe('Characters that a new password must have'),
    PASSWORD_HASH_MEMORY_KIB: wholeNumber({ min: 1_024, max: 1_048_576 }).default(19_456).describe('argon2id: memory of one hash, in KiB. Passwords are hashed anew at their next login when it is raised'),
    PASSWORD_HASH_ITERATIONS: wholeNumber({ min: 1, max: 100 }).default(2).describe('argon2id: passes over the memory'),
    PASSWORD_HASH_PARALLELISM: wholeNumber({ min: 1, max: 16 }).default(1).describe('argon2id: lanes'),
    PASSWORD_HASH_THREADS: wholeNumber({ min: 1, max: 1_024 }).optional().describe('Passwords that are hashed at a time; else one for each core, and no more than take half of the memory that the process may have'),
    PASSWORD_HASH_QUEUE: wholeNumber({ min: 1, max: 10_000 }).default(128).describe('Logins that may wait for a core to hash on, and as many by imported hashes, which get half of the time where both wait; one more answers 503'),
    LOGIN_FAILURES_PER_NAME: wholeNumber({ min: 1, max: 1_000_000 }).default(10).describe('Wrong passwords for a name before tries are held back, for 1 s at first and twice as long each time up to 15 min'),
    LOGIN_STEP_TTL: duration().default(600).describe('How long a login waits for its next step, such as a new password in place of an administrator’s'),
    RESET_TOKEN_TTL: duration().default(1_800).describe('How long a mailed link to set a new password works'),
    EMAIL_TOKEN_TTL: duration().default(86_400).describe('How long a mailed link to confirm an address works'),
    MAILS_PER_RECIPIENT: wholeNumber({ min: 1, max: 1_000 }).default(5).describe('Links that an address is mailed in an hour, of each kind, and notices of passwords that administrators set and of addresses that others changed, by each project; more are silently not sent'),
    MAILS_PER_MAILBOX: wholeNumber({ min: 1, max: 100_000 }).default(30).describe('Those mails that an address is sent in an hour by all projects together, where nobody has confirmed there that it is theirs; more are silently not sent'),
    MAIL_REQUESTS_PER_ADDRESS: wholeNumber({ min: 1, max: 1_000_000 }).default(100).describe('Mailed links that one network address may ask for in an hour before it is refused'),
    LOGIN_FAILURES_PER_ADDRESS: wholeNumber({ min: 1, max: 1_000_000 }).default(100).describe('Wrong passwords from one network address in an hour before its tries are refused'),
    SSO_INSIDE_ISSUERS: list(httpOrigin()).describe('Origins of identity providers, comma-separated, that may be asked though they are inside (this host, private networks) or speak plain HTTP'),
    KNOWN_DEVICE_TTL: duration().default(365 * 86_400).describe('How long a device on which a user has logged in is known, and not held back by what strangers try'),
  },
  (values) => [
    ...(values.REFRESH_TOKEN_IDLE_TTL > values.REFRESH_TOKEN_TTL
      ? [{ message: 'REFRESH_TOKEN_IDLE_TTL is longer than REFRESH_TOKEN_TTL', explain: 'A session ends after REFRESH_TOKEN_TTL however much it is used, so the idle time has no effect.' }]
      : []),
    ...(values.ACCESS_TOKEN_TTL > values.REFRESH_TOKEN_TTL
      ? [{ message: 'ACCESS_TOKEN_TTL is longer than REFRESH_TOKEN_TTL', explain: 'An access token is refused once its session has ended, so it is valid for REFRESH_TOKEN_TTL only.' }]
      : []),
  ],
);

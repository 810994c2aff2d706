import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { SsoAttemptRow } from './sso-attempt.entity.js';

export type Attempt = Omit<SsoAttemptRow, 'expiresAt'>;

const add = sql(
  'sso_attempts.add',
  `INSERT INTO sso_attempts (organisation_id, state_hash, browser_hash, secrets, callback_url, return_to, expires_at) VALUES ($1, $2, $3, $4, $5, $6, now() + interval '10 minutes')`,
);
const take = sql(
  'sso_attempts.take',
  `DELETE FROM sso_attempts WHERE organisation_id = $1 AND state_hash = $2 AND browser_hash = $3 AND expires_at > now()
   RETURNING organisation_id AS "organisationId", state_hash AS "stateHash", browser_hash AS "browserHash", secrets, callback_url AS "callbackUrl", return_to AS "returnTo"`,
);
const dropOfOrganisation = sql('sso_attempts.drop_of_organisation', 'DELETE FROM sso_attempts WHERE organisation_id = $1');
const sweep = sql('sso_attempts.sweep', 'DELETE FROM sso_attempts WHERE expires_at <= now()');

/** All SQL of `sso_attempts`. */
export const ssoAttemptsRepository = {
  async add(on: Queryable, attempt: Attempt): Promise<void> {
    await on.execute(add, [attempt.organisationId, attempt.stateHash, attempt.browserHash, attempt.secrets, attempt.callbackUrl, attempt.returnTo]);
  },

  /** Of any number who ask at once, one gets it; and only who comes with the browser that began it. */
  async take(on: Queryable, organisationId: string, stateHash: Buffer, browserHash: Buffer): Promise<Attempt | undefined> {
    return (await on.query<Attempt>(take, [organisationId, stateHash, browserHash]))[0];
  },

  /** What was begun at one provider is not completed at another, which would be shown its codes. */
  async dropOfOrganisation(tx: Transaction, organisationId: string): Promise<void> {
    await tx.execute(dropOfOrganisation, [organisationId]);
  },

  async sweep(on: Queryable): Promise<number> {
    return on.execute(sweep);
  },
};

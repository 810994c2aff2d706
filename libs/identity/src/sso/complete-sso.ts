import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identity, staffRealmId } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { DataKeys } from '#libs/platform/keys';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { hashSecret } from '../keys/secret-hash.js';
import { loginsRepository } from '../login/logins.repository.js';
import { canonicalName } from '../names/canonical-name.js';
import { RefusedLogins } from '../throttling/refused-logins.js';
import { AdmitPerson } from './admit-person.js';
import { attemptContext, ssoNotSetUp } from './begin-sso.js';
import { ssoAttemptsRepository, type Attempt } from './sso-attempts.repository.js';
import { ssoCodesRepository } from './sso-codes.repository.js';
import { ssoConnectionsRepository, type StoredConnection } from './sso-connections.repository.js';
import { ssoLinksRepository } from './sso-links.repository.js';
import { SsoProviders, type ProviderPerson } from './sso-providers.js';
import { StartSsoSession, userInactive } from './start-sso-session.js';

type Request = RequestOf<typeof identity.completeSso>;
type Completed = ResponseOf<typeof identity.completeSso>;

/** Completes a login at an organisation's provider: who it is, whether they may come in, and their session. */
@Injectable()
export class CompleteSso {
  constructor(
    private readonly database: Database,
    private readonly providers: SsoProviders,
    private readonly dataKeys: DataKeys,
    private readonly people: AdmitPerson,
    private readonly sessions: StartSsoSession,
    private readonly refusedLogins: RefusedLogins,
  ) {}

  async execute(request: Request, context: CallContext): Promise<Completed> {
    const { organisationId, calledUrl, browserSecret } = request;
    const connection = await ssoConnectionsRepository.get(this.database, organisationId);
    if (connection === undefined) throw ssoNotSetUp();
    const state = new URL(calledUrl).searchParams.get('state') ?? '';
    const attempt = await ssoAttemptsRepository.take(this.database, organisationId, hashSecret(state), hashSecret(browserSecret ?? ''));
    if (attempt === undefined) throw identity.identityErrors.failure('sso-attempt-unknown', 'This login was not begun in this browser, was completed before, or took longer than ten minutes: begin again.');
    return this.finish(connection, attempt, request, context).catch((error: unknown) => {
      if (!isFailure(error) || error.value.kind === 'unavailable' || error.value.kind === 'internal') throw error;
      this.refusedLogins.note({ code: error.value.code, requestId: context.requestId, organisationId });
      if (attempt.returnTo === null) throw error;
      return { kind: 'refused', returnTo: attempt.returnTo, error: error.value.code, message: error.value.message };
    });
  }

  private async finish(connection: StoredConnection, attempt: Attempt, { organisationId, calledUrl, address, userAgent }: Request, context: CallContext): Promise<Completed> {
    const query = new URL(calledUrl).searchParams;
    const state = query.get('state') ?? '';
    const person = await this.providers.person(connection, callbackOf(attempt, query), { state, ...this.secretsOf(attempt) });
    const userId = await this.people.admit({ organisationId, connection, email: checkedEmail(connection, person), name: person.name, linkedUserId: await this.linked(connection, person) }, context);
    const code = randomBytes(32).toString('base64url');
    const session = attempt.returnTo === null ? await this.sessions.prepare(userId, { address, userAgent }) : undefined;
    await this.database.withTransaction(async (tx) => {
      // Whoever was erased since they were admitted would be linked for good: nothing erases them again.
      if (!(await loginsRepository.keepActive(tx, staffRealmId, userId))) throw userInactive();
      await ssoLinksRepository.add(tx, staffRealmId, organisationId, this.subjectHash(connection, person), userId);
      if (session === undefined) await ssoCodesRepository.add(tx, staffRealmId, hashSecret(code), userId);
      else await session.save(tx);
    });
    return session === undefined ? { kind: 'code', returnTo: attempt.returnTo as string, code } : { kind: 'tokens', tokens: session.tokens };
  }

  private secretsOf({ organisationId, secrets }: Attempt): { nonce: string; codeVerifier: string } {
    const plain = this.dataKeys.open('sso attempts', secrets, attemptContext(organisationId));
    if (plain === null) throw new Error('an attempt was sealed under another master key');
    return JSON.parse(plain.toString()) as { nonce: string; codeVerifier: string };
  }

  private async linked(connection: StoredConnection, person: ProviderPerson): Promise<string | null> {
    return (await ssoLinksRepository.find(this.database, staffRealmId, connection.organisationId, this.subjectHash(connection, person))) ?? null;
  }

  private subjectHash({ issuer }: StoredConnection, { subject }: ProviderPerson): Buffer {
    return createHmac('sha256', this.dataKeys.lasting('sso subjects')).update(`${issuer}\0${subject}`).digest();
  }
}

/** As the provider was told, whatever a proxy made of the host since. */
function callbackOf({ callbackUrl }: Attempt, query: URLSearchParams): URL {
  const url = new URL(callbackUrl);
  url.search = query.toString();
  return url;
}

/** @throws Failure `sso-email-unverified`, `sso-domain-forbidden` */
function checkedEmail({ trustsEmail, emailDomains }: StoredConnection, { email, emailVerified }: ProviderPerson): string {
  if (email === null) throw identity.identityErrors.failure('sso-email-unverified', 'The identity provider tells no e-mail address: it has to release the claim email.');
  if (!emailVerified && !trustsEmail) throw identity.identityErrors.failure('sso-email-unverified', 'The identity provider does not say that the e-mail address is verified (email_verified).');
  // Wide letters, say: a name that is another one at the provider must not become somebody's here, where the two are compared as one.
  if (canonicalName(email) !== email.normalize('NFC').toLowerCase()) throw identity.identityErrors.failure('sso-email-unverified', 'The e-mail address is written in letters that stand for others, so it proves nothing.');
  const domain = email.length > 320 ? undefined : /^[^@\s\p{Cc}]+@([^@\s]+)$/u.exec(email)?.[1]?.toLowerCase();
  if (domain === undefined || !emailDomains.includes(domain)) throw identity.identityErrors.failure('sso-domain-forbidden', 'The e-mail address is of none of the organisation’s domains.');
  return email;
}

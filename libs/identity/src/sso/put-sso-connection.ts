import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { identity, staffRealmId } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { event, Outbox } from '#libs/platform/events';
import { DataKeys, seal } from '#libs/platform/keys';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { clientSecretsPurpose, secretContext, SsoProviders } from './sso-providers.js';
import { ssoAttemptsRepository } from './sso-attempts.repository.js';
import { ssoConnectionsRepository, type StoredConnection } from './sso-connections.repository.js';
import { ssoLinksRepository } from './sso-links.repository.js';

const fieldOf = { issuer: 'issuer', client_id: 'clientId', client_secret: 'clientSecret', email_domains: 'emailDomains', auto_join: 'autoJoin', trust_email: 'trustsEmail', return_urls: 'returnUrls' } as const;
const fields = Object.keys(fieldOf) as (keyof typeof fieldOf)[];

type Request = RequestOf<typeof identity.putSsoConnection>;

/** Sets how an organisation's people log in at their provider, once the provider was seen to be one. */
@Injectable()
export class PutSsoConnection {
  constructor(
    private readonly database: Database,
    private readonly providers: SsoProviders,
    private readonly dataKeys: DataKeys,
    private readonly outbox: Outbox,
  ) {}

  async execute(request: Request, context: CallContext): Promise<identity.SsoConnection> {
    const { organisationId, issuer, clientId, emailDomains, autoJoin, trustsEmail, mayAddDomains, actor } = request;
    const present = await ssoConnectionsRepository.get(this.database, organisationId);
    if (!mayAddDomains) assertVouchedFor(request, present);
    const sameProvider = present?.issuer === issuer;
    // A secret that is not sent again must not be shown to another provider.
    if (request.clientSecret === null && !sameProvider) throw identity.identityErrors.failure('sso-secret-missing', 'A new connection, or one to another issuer, needs the client secret.');
    await this.providers.describe(issuer, clientId, request.clientSecret);
    const clientSecret = request.clientSecret === null ? (present as StoredConnection).clientSecret : seal(this.dataKeys.for(clientSecretsPurpose), Buffer.from(request.clientSecret), secretContext(organisationId));
    const wanted = { organisationId, issuer, clientId, clientSecret, emailDomains: [...new Set(emailDomains)], autoJoin, trustsEmail, returnUrls: request.returnUrls.map(checkedReturnUrl) };
    return this.database.withTransaction(async (tx) => {
      const put = await ssoConnectionsRepository.put(tx, wanted, `${actor.type}:${actor.id}`, present?.version ?? 0);
      if (put === undefined) throw platformErrors.failure('service-unavailable', 'The connection was changed at the same time: try again.', { retryAfter: 1 });
      if (present !== undefined && !sameProvider) {
        await ssoLinksRepository.dropOfOrganisation(tx, staffRealmId, organisationId);
        await ssoAttemptsRepository.dropOfOrganisation(tx, organisationId);
      }
      await this.outbox.append(tx, context, event(identity.ssoConnectionChanged, { organisationId, version: put.version }));
      const changed = present === undefined ? fields : fields.filter((name) => !isDeepStrictEqual(present[fieldOf[name]], put[fieldOf[name]]));
      await auditTrail.append(tx, context, {
        ...{ actor, action: present === undefined ? 'sso.set-up' : 'sso.changed', target: { type: 'organisation', id: organisationId }, organisationId },
        ...{ before: present === undefined ? [] : changed, after: changed },
      });
      return withoutSecret(put);
    });
  }
}

/**
 * Whoever answers for a domain can become everybody with an address there, in every organisation: so somebody whom the deployment trusts has said which provider answers for which
 * domains, and whether its word is taken for addresses that it did not verify. The client at that provider says neither, and its secret has to be renewed now and then.
 * @throws Failure `sso-domain-forbidden`, `sso-provider-forbidden`
 */
function assertVouchedFor({ issuer, emailDomains, trustsEmail }: Request, present: StoredConnection | undefined): void {
  const added = emailDomains.filter((domain) => present?.emailDomains.includes(domain) !== true);
  if (added.length > 0) throw identity.identityErrors.failure('sso-domain-forbidden', `Only a super_admin adds domains to an organisation’s single sign-on: ${added.join(', ')}.`);
  if (present?.issuer !== issuer) throw identity.identityErrors.failure('sso-provider-forbidden', 'Only a super_admin changes the issuer: the domains were given to the provider that there is.');
  if (trustsEmail && !present.trustsEmail) throw identity.identityErrors.failure('sso-provider-forbidden', 'Only a super_admin has addresses trusted that the provider does not say it has verified.');
}

/** What is told of a connection. */
export function withoutSecret({ clientSecret: _secret, ...told }: StoredConnection): identity.SsoConnection {
  return told;
}

function checkedReturnUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url === undefined || url.hash !== '' || url.username !== '' || !(url.protocol === 'https:' || (url.protocol === 'http:' && local))) {
    throw platformErrors.failure('invalid-request', 'A return URL must be an https:// address without fragment (http:// on localhost).');
  }
  return url.href;
}

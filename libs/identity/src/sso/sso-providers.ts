import { Inject, Injectable } from '@nestjs/common';
import * as openid from 'openid-client';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { DataKeys } from '#libs/platform/keys';
import { Logger } from '#libs/platform/logging';
import { OutboundRefused, outboundFetch } from '#libs/platform/outbound';
import { identityConfig } from '../identity.config.js';
import type { StoredConnection } from './sso-connections.repository.js';

/** What is kept from the beginning of a login to its end. */
export interface AttemptSecrets {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** Who logged in at the provider, as far as it told. */
export interface ProviderPerson {
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
}

/** How long a provider's description is good for; its keys are read by the library when they are needed. */
const descriptionAgeMs = 10 * 60_000;
const limits = { timeoutMs: 5_000, maxBytes: 1_048_576 };
const scope = 'openid email profile';

/** What client secrets are sealed for. */
export const clientSecretsPurpose = 'sso client secrets';
/** Context of the sealed secret, so that boxes of two organisations can't be swapped. */
export const secretContext = (organisationId: string) => `sso client secret of ${organisationId}`;

/** The identity providers of organisations: OpenID Connect Discovery, and the code flow with PKCE (RFC 7636). */
@Injectable()
export class SsoProviders {
  private readonly known = new Map<string, { version: number; until: number; configuration: Promise<openid.Configuration> }>();

  constructor(
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
    private readonly dataKeys: DataKeys,
    private readonly logger: Logger,
  ) {}

  /** Asks the provider anew. @param clientSecret null: only to look at the description @throws Failure `sso-provider-refused` */
  async describe(issuer: string, clientId: string, clientSecret: string | null): Promise<openid.Configuration> {
    const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
    if (url === undefined || url.search !== '' || url.hash !== '') throw refused('The issuer must be an https:// address without query.');
    const allowInside = this.config.SSO_INSIDE_ISSUERS.includes(url.origin);
    try {
      const configuration = await openid.discovery(url, clientId, { id_token_signed_response_alg: undefined }, clientSecret === null ? openid.None() : openid.ClientSecretPost(clientSecret), {
        [openid.customFetch]: (address, { method, headers, body }) => outboundFetch(address, { method, headers, allowInside, ...limits, ...bodyOf(body) }),
        // oxlint-disable-next-line typescript/no-deprecated -- marked so only to stand out; the operator allowed this provider by name
        execute: [openid.enableNonRepudiationChecks, ...(allowInside ? [openid.allowInsecureRequests] : [])],
      });
      const { authorization_endpoint, token_endpoint, issuer: ofTokens } = configuration.serverMetadata();
      // The library knows this issuer and takes the tokens of each of its tenants: anybody can have one, and write into it whatever address they like.
      if (ofTokens.includes('{tenantid}')) throw refused('The issuer stands for every tenant there is: name the one of the organisation, https://login.microsoftonline.com/<tenant id>/v2.0.');
      if (authorization_endpoint === undefined || token_endpoint === undefined) throw refused('The provider describes no authorization and token endpoint.');
      return configuration;
    } catch (error) {
      throw this.explained(error, 'The provider’s description could not be read at <issuer>/.well-known/openid-configuration');
    }
  }

  /** @throws Failure `sso-provider-refused` */
  async authorizationUrl(connection: StoredConnection, callbackUrl: string, { state, nonce, codeVerifier }: AttemptSecrets): Promise<string> {
    const configuration = await this.of(connection);
    const code_challenge = await openid.calculatePKCECodeChallenge(codeVerifier);
    return openid.buildAuthorizationUrl(configuration, { redirect_uri: callbackUrl, scope, state, nonce, code_challenge, code_challenge_method: 'S256' }).href;
  }

  /**
   * Exchanges the code of a callback and verifies the ID token: signature, issuer, audience, nonce, times.
   * @throws Failure `sso-refused` when the provider said no, `sso-provider-refused` when its answer does not hold
   */
  async person(connection: StoredConnection, callback: URL, { state, nonce, codeVerifier }: AttemptSecrets): Promise<ProviderPerson> {
    const configuration = await this.of(connection);
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, callback, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier, idTokenExpected: true });
      const claims = { ...tokens.claims() };
      // Some providers tell the address at the userinfo endpoint only.
      if (claims['email'] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined && claims.sub !== undefined) {
        Object.assign(claims, await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub));
      }
      const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
      return { subject: claims.sub as string, email: text(claims['email']), emailVerified: claims['email_verified'] === true, name: text(claims['name'])?.slice(0, 200) ?? null };
    } catch (error) {
      if (error instanceof openid.AuthorizationResponseError) {
        throw identity.identityErrors.failure('sso-refused', `The identity provider did not let the login through: ${/^[a-z_]{1,60}$/.test(error.error) ? error.error : 'it gave no reason'}.`);
      }
      throw this.explained(error, 'The identity provider’s answer does not hold');
    }
  }

  private of(connection: StoredConnection): Promise<openid.Configuration> {
    const { organisationId, version, issuer, clientId } = connection;
    const known = this.known.get(organisationId);
    if (known !== undefined && known.version === version && known.until > Date.now()) return known.configuration;
    const secret = this.dataKeys.open(clientSecretsPurpose, connection.clientSecret, secretContext(organisationId));
    if (secret === null) throw new Error('a client secret was sealed under another master key');
    const entry = { version, until: Date.now() + descriptionAgeMs, configuration: this.describe(issuer, clientId, secret.toString()) };
    this.known.set(organisationId, entry);
    entry.configuration.catch(() => this.known.get(organisationId) === entry && this.known.delete(organisationId));
    return entry.configuration;
  }

  /** The library's messages may quote what the provider sent: only their codes go on. */
  private explained(error: unknown, what: string): Error {
    if (!(error instanceof Error) || error.name === 'Failure') return error as Error;
    const cause = rootOf(error);
    this.logger.warn({ code: (error as { code?: string }).code, cause: (cause as { code?: string }).code ?? cause.name }, 'an identity provider was of no use');
    if (cause instanceof OutboundRefused) return refused(`${what}: ${cause.message}`);
    const code = (error as { code?: string }).code;
    return refused(`${what}${code === undefined ? '' : ` (${code})`}.`);
  }
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

function refused(message: string) {
  return identity.identityErrors.failure('sso-provider-refused', message);
}

function bodyOf(body: openid.FetchBody): { body?: string | Uint8Array } {
  if (typeof body === 'string' || body instanceof Uint8Array) return { body };
  return body instanceof URLSearchParams ? { body: body.toString() } : {};
}

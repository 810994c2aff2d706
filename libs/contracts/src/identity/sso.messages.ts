import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';
import { issuedTokens } from './login.messages.js';

/** A domain of e-mail addresses, in lower case: `example.com`. */
export const emailDomain = z.string().max(253).regex(/^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/);

/** How an organisation's people log in at their own identity provider (OpenID Connect Core 1.0). Its secret is told to nobody. */
export const ssoConnection = z.object({
  organisationId: id,
  /** The provider's issuer identifier: what stands before `/.well-known/openid-configuration`. */
  issuer: z.string(),
  clientId: z.string(),
  /** Only people with an address of these domains come in. */
  emailDomains: z.array(emailDomain),
  /** Somebody of these domains whom nobody invited becomes a `member` at their first login. */
  autoJoin: z.boolean(),
  /** The provider vouches for every address that it tells, though it sends no `email_verified`. */
  trustsEmail: z.boolean(),
  /** Pages that a login may return to, with a code instead of tokens. */
  returnUrls: z.array(z.string()),
  version: z.number().int(),
  createdAt: timestamp,
  modifiedAt: timestamp,
});
export type SsoConnection = z.output<typeof ssoConnection>;

/** Sets an organisation's connection, or replaces it, after the provider's own description was read. */
export const putSsoConnection = defineMessage({
  subject: 'identity.sso.put',
  request: ssoConnection.pick({ organisationId: true, issuer: true, clientId: true, emailDomains: true, autoJoin: true, trustsEmail: true, returnUrls: true }).extend({
    issuer: z.string().max(2_048),
    clientId: z.string().min(1).max(512),
    /** Null keeps the one there is. */
    clientSecret: z.string().min(1).max(2_048).nullable(),
    emailDomains: z.array(emailDomain).min(1).max(50),
    returnUrls: z.array(z.string().max(2_048)).max(20),
    /** Domains that are new to the connection, another issuer, and trust in its addresses are taken only from whom the deployment trusts with them. */
    mayAddDomains: z.boolean(),
    actor,
  }),
  response: ssoConnection,
  errors: ['sso-provider-refused', 'sso-secret-missing', 'sso-domain-forbidden', 'sso-provider-forbidden'],
  deadlineMs: 15_000,
});

export const getSsoConnection = defineMessage({
  subject: 'identity.sso.get',
  request: z.object({ organisationId: id }),
  response: ssoConnection,
  errors: ['sso-not-set-up'],
});

/** Takes the connection away. Sessions that began by it go on; nobody begins another. */
export const removeSsoConnection = defineMessage({
  subject: 'identity.sso.remove',
  request: z.object({ organisationId: id, actor }),
  response: z.object({}),
  errors: ['sso-not-set-up'],
});

/** Reads the provider's description with the connection as it is, for whoever sets it up. */
export const testSsoConnection = defineMessage({
  subject: 'identity.sso.test',
  request: z.object({ organisationId: id }),
  response: z.object({ issuer: z.string(), authorizationEndpoint: z.string(), tokenEndpoint: z.string() }),
  errors: ['sso-not-set-up', 'sso-provider-refused'],
  deadlineMs: 15_000,
});

/** Begins a login: an authorization request with PKCE (RFC 7636), state and nonce. It can be completed once, within ten minutes, by the browser that began it. */
export const beginSso = defineMessage({
  subject: 'identity.sso.begin',
  request: z.object({
    organisationId: id,
    /** Where the provider sends the browser afterwards. */
    callbackUrl: z.string().max(2_048),
    /** One of the connection's pages; null: the callback itself answers with tokens. */
    returnTo: z.string().max(2_048).nullable(),
    /** A secret that the browser keeps until it comes back. */
    browserSecret: z.string().min(20).max(128),
  }),
  response: z.object({ authorizationUrl: z.string() }),
  errors: ['sso-not-set-up', 'sso-provider-refused', 'sso-return-refused'],
  deadlineMs: 15_000,
});

/** Completes a login with what the provider sent along. */
export const completeSso = defineMessage({
  subject: 'identity.sso.complete',
  request: z.object({
    organisationId: id,
    /** The callback as it was called, query included. */
    calledUrl: z.string().max(16_384),
    /** Null: the browser kept none. */
    browserSecret: z.string().max(128).nullable(),
    address: z.string().max(64).nullable(),
    userAgent: z.string().max(512).nullable(),
  }),
  response: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('tokens'), tokens: issuedTokens }),
    /** For the page: worth tokens once, within a minute. */
    z.object({ kind: z.literal('code'), returnTo: z.string(), code: z.string() }),
    /** For the page too: why not, as one of this message's error codes, and a sentence. */
    z.object({ kind: z.literal('refused'), returnTo: z.string(), error: z.string(), message: z.string() }),
  ]),
  errors: ['sso-not-set-up', 'sso-attempt-unknown', 'sso-provider-refused', 'sso-refused', 'sso-email-unverified', 'sso-domain-forbidden', 'sso-not-invited', 'user-inactive'],
  deadlineMs: 20_000,
});

/** Tokens for a code of `completeSso`. */
export const redeemSsoCode = defineMessage({
  subject: 'identity.sso.redeem',
  request: z.object({ code: z.string().max(128), address: z.string().max(64).nullable(), userAgent: z.string().max(512).nullable() }),
  response: issuedTokens,
  errors: ['sso-code-invalid', 'user-inactive'],
});

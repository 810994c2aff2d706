import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration } from 'oidc-provider';
import { testKeyPair } from './test-key-pair.js';

/** Somebody who has an account at the provider. What is left out is not told. */
export interface ProviderAccount {
  email?: string;
  email_verified?: boolean;
  name?: string;
}

export interface TestOpenIdProviderOptions {
  /** Where it may send browsers back to. */
  redirectUris: string[];
  /** Absent: any free one. */
  port?: number;
}

/** A real OpenID provider (oidc-provider) on loopback, whose people log in without being asked. It knows one client. */
export class TestOpenIdProvider {
  readonly clientId = 'rollcall';
  readonly clientSecret = randomBytes(24).toString('hex');
  /** By subject. */
  readonly accounts = new Map<string, ProviderAccount>();
  /** Who is about to log in; null: they refuse. */
  private next: string | null = null;

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start({ redirectUris, port = 0 }: TestOpenIdProviderOptions): Promise<TestOpenIdProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const test = new TestOpenIdProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    const { Provider } = await import('oidc-provider'); // here: most specs that import this room need none
    const provider = new Provider(test.issuer, test.configuration(redirectUris));
    const answer = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/interaction/') !== true) return void answer(request, response);
      const result = test.next === null ? { error: 'access_denied' } : { login: { accountId: test.next } };
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    });
    return test;
  }

  /** Whoever comes next, in a browser, is the account of `subject`; null: they refuse. */
  expect(subject: string | null): void {
    this.next = subject;
  }

  /** Goes through a login as a browser would, as the account of `subject`. @returns the callback that the browser is sent to */
  async logIn(authorizationUrl: string, subject: string | null): Promise<string> {
    this.expect(subject);
    const cookies = new Map<string, string>();
    let url = authorizationUrl;
    for (let step = 0; step < 10; step += 1) {
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
      for (const cookie of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        cookies.set(name, value);
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`the provider answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
      url = new URL(location, url).href;
      if (new URL(url).origin !== this.issuer) return url;
    }
    throw new Error('the login went round in circles');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private configuration(redirectUris: string[]): Configuration {
    return {
      clients: [{ client_id: this.clientId, client_secret: this.clientSecret, redirect_uris: redirectUris, token_endpoint_auth_method: 'client_secret_post' }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: false,
      jwks: { keys: [{ ...testKeyPair('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      cookies: { keys: [randomBytes(16).toString('hex')] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      pkce: { required: () => true },
      findAccount: (_context, subject) => ({ accountId: subject, claims: () => Promise.resolve({ sub: subject, ...this.accounts.get(subject) }) }),
      // Everybody has agreed to everything.
      loadExistingGrant: async (context) => {
        const { client, session, provider } = context.oidc;
        const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    };
  }
}

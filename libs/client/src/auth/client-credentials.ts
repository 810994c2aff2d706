import type { EnvironmentCalls, Schemas } from '../api.data.js';
import { Single } from '../waiting.js';
import type { Auth, AuthContext, AuthHeaders } from './auth.js';

interface Token {
  accessToken: string;
  /** Milliseconds by this machine's clock. */
  renewAt: number;
}

/** The environment surface: exchanges id and secret for a token, keeps it, and renews it before it ends. For a server. */
export function clientCredentials(credentials: { clientId: string; clientSecret: string }): Auth<EnvironmentCalls> {
  return new ClientCredentials(credentials);
}

class ClientCredentials implements Auth<EnvironmentCalls> {
  private context: AuthContext | undefined;
  private token: Token | undefined;
  private readonly fetching = new Single(() => this.fetchToken());

  constructor(private readonly credentials: { clientId: string; clientSecret: string }) {}

  connect(context: AuthContext): void {
    this.context = context;
  }

  async headers(): Promise<AuthHeaders> {
    const { accessToken } = this.token !== undefined && this.token.renewAt > Date.now() ? this.token : await this.fetching.run();
    return { authorization: `Bearer ${accessToken}` };
  }

  /** The token may have been revoked before its time. */
  renew({ authorization }: AuthHeaders): Promise<boolean> {
    if (authorization === `Bearer ${this.token?.accessToken}`) this.token = undefined;
    return Promise.resolve(true);
  }

  private async fetchToken(): Promise<Token> {
    if (this.context === undefined) throw new TypeError('These credentials are not given to a client yet: createClient({ url, auth }).');
    const endpoint = 'POST /oauth2/token';
    const body: Schemas['TokenIssueBody'] = { grant_type: 'client_credentials', client_id: this.credentials.clientId, client_secret: this.credentials.clientSecret };
    // A token more does no harm: it may be asked for again.
    const { text } = await this.context.transport.send({ endpoint, target: '/oauth2/token', headers: {}, body, repeatable: true });
    const { access_token: accessToken, expires_in: seconds } = JSON.parse(text) as Schemas['TokenIssueAnswer'];
    this.token = { accessToken, renewAt: Date.now() + seconds * 1_000 - Math.min(60_000, seconds * 100) };
    return this.token;
  }
}

import type { AdminCalls, ProjectCalls } from '../api.data.js';
import { isRollcallError } from '../rollcall-error.js';
import { Single } from '../waiting.js';
import type { Auth, AuthContext, AuthHeaders } from './auth.js';
import { timesOf } from './token-times.js';

/** What a session is made of, to be kept where you keep secrets, and to go on with later. */
export interface SessionTokens {
  accessToken: string;
  refreshToken: string;
  /** When the access token ends: milliseconds since 1970, by the clock of this machine. */
  expiresAt: number;
  /** Tells at the next login that this device is known, so that others’ wrong passwords don't hold it back. It stays when the session ends. */
  deviceToken?: string | undefined;
}

export interface SessionOptions {
  /** Of a session before, as `onTokens` was given them. */
  tokens?: SessionTokens | undefined;
  /** Called at every change, before a call goes on; undefined: the session has ended. */
  onTokens?: ((tokens: SessionTokens | undefined) => void | Promise<void>) | undefined;
  /** Of a login before, where its session has ended. */
  deviceToken?: string | undefined;
}

/** How one surface calls the parts of a session. */
export interface SessionWire<Tokens, Login> {
  /** `/v1/auth`, before `/login`, `/login/new-password`, `/refresh`, `/logout`. */
  base(project: string | undefined): string;
  /** For errors: the base as the API reference has it. */
  baseName: string;
  refreshField: 'refresh' | 'refresh_token';
  read(answer: Tokens): { accessToken: string; refreshToken: string; seconds: number };
  isTokens(answer: Login): answer is Login & Tokens;
}

const marginMs = 30_000;
/** Within ten seconds of a refresh the same refresh token is answered once more: a lost answer can still be asked for. */
const refreshTimeoutMs = 8_000;

/** A login that is kept: its access token goes with every call and is renewed, once for all calls that need it. */
export class Session<Tokens extends object, Credentials extends object, Login> implements Auth<ProjectCalls & AdminCalls> {
  declare readonly calls?: ProjectCalls & AdminCalls;
  private context: AuthContext | undefined;
  private current: SessionTokens | undefined;
  private deviceToken: string | undefined;
  private readonly refreshing = new Single(() => this.rotate());

  constructor(
    private readonly wire: SessionWire<Tokens, Login>,
    private readonly options: SessionOptions = {},
  ) {
    this.current = options.tokens;
    this.deviceToken = options.tokens?.deviceToken ?? options.deviceToken;
  }

  /** Undefined: nobody is logged in. */
  get tokens(): SessionTokens | undefined {
    return this.current;
  }

  connect(context: AuthContext): void {
    this.context = context;
  }

  /**
   * Logs in. Look for `next_step` in the answer first: where it is, nobody is logged in yet.
   * @throws RollcallError `credentials-invalid`, `user-inactive`, `too-many-attempts` …
   */
  async login(credentials: Credentials): Promise<Login> {
    return this.begin('/login', credentials);
  }

  /** Goes on with a login whose next step is a new password. */
  async completeLogin(step: { step_token: string; password: string }): Promise<Tokens> {
    return this.begin<Tokens>('/login/new-password', step);
  }

  /** Goes on with tokens that another call answered, such as `POST /v1/auth/sso/token`. */
  async adopt(answer: Tokens): Promise<void> {
    const { accessToken, refreshToken, seconds } = this.wire.read(answer);
    await this.keep({ accessToken, refreshToken, expiresAt: Date.now() + seconds * 1_000, ...(this.deviceToken === undefined ? {} : { deviceToken: this.deviceToken }) });
  }

  /** Renews the tokens now. There is no need to: calls do it by themselves. */
  async refresh(): Promise<void> {
    await this.refreshing.run();
  }

  /** Ends the session, here at once and then on the server. @throws RollcallError when the server could not be told */
  async logout(): Promise<void> {
    await this.refreshing.settled();
    const last = this.current;
    await this.keep(undefined);
    // Ending a session twice is ending it once.
    if (last !== undefined) await this.call('/logout', { [this.wire.refreshField]: last.refreshToken }, { repeatable: true });
  }

  async headers(): Promise<AuthHeaders> {
    const { current } = this;
    if (current !== undefined && current.expiresAt - marginMs <= Date.now()) {
      await this.refreshing.run().catch((error: unknown) => {
        // It is good for a moment still; the server decides.
        if (this.current === undefined || current.expiresAt <= Date.now()) throw error;
      });
    }
    return this.current === undefined ? {} : { authorization: `Bearer ${this.current.accessToken}` };
  }

  async renew({ authorization }: AuthHeaders): Promise<boolean> {
    if (this.current === undefined) return false;
    if (authorization === `Bearer ${this.current.accessToken}`) await this.refreshing.run();
    return true;
  }

  private async begin<Answer extends Login | Tokens>(path: string, body: object): Promise<Answer> {
    const { text, headers } = await this.call(path, body, { repeatable: false, headers: this.deviceToken === undefined ? {} : { 'x-device-token': this.deviceToken } });
    const answer = JSON.parse(text) as Answer;
    this.deviceToken = headers.get('x-device-token') ?? this.deviceToken;
    if (this.wire.isTokens(answer as Login)) await this.adopt(answer as Tokens);
    return answer;
  }

  private async rotate(): Promise<void> {
    const before = this.current;
    if (before === undefined) return;
    try {
      const { text } = await this.call('/refresh', { [this.wire.refreshField]: before.refreshToken }, { repeatable: true, timeout: refreshTimeoutMs });
      // Whoever logged in anew meanwhile keeps that.
      if (this.current === before) await this.adopt(JSON.parse(text) as Tokens);
    } catch (error) {
      if (isRollcallError(error) && error.status === 401 && this.current === before) await this.keep(undefined);
      throw error;
    }
  }

  private async keep(tokens: SessionTokens | undefined): Promise<void> {
    this.current = tokens;
    await this.options.onTokens?.(tokens);
  }

  private call(path: string, body: object, { repeatable, headers = {}, timeout }: { repeatable: boolean; headers?: AuthHeaders; timeout?: number }) {
    if (this.context === undefined) throw new TypeError('This session is not given to a client yet: createClient({ url, auth }).');
    const { transport, project } = this.context;
    return transport.send({ endpoint: `POST ${this.wire.baseName}${path}`, target: `${this.wire.base(project)}${path}`, headers, body, repeatable, timeout });
  }
}

/** The time that a token has left, whatever clock its issuer goes by. */
export function secondsLeft(accessToken: string, expiresAt: number): number {
  const times = timesOf(accessToken);
  return times.issuedAt === undefined || times.expiresAt === undefined ? expiresAt - Date.now() / 1_000 : times.expiresAt - times.issuedAt;
}

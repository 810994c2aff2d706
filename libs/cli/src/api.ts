import { setTimeout as delay } from 'node:timers/promises';
import { CommandFailure, UsageError, type Terminal } from './command.js';
import { CredentialsFile, type Credentials } from './credentials.js';
import { isId } from './parse-options.js';

export interface ApiRequest {
  headers?: Record<string, string>;
  json?: unknown;
  body?: ReadableStream<Uint8Array>;
  /** Statuses of failure that the caller answers by itself. */
  expected?: readonly number[];
}

interface Problem {
  detail?: string;
  code?: string;
  errors?: { path: string; message: string }[];
}

const attempts = 5;
/** An access token is renewed so many seconds before it ends. */
const renewBefore = 30;

/** A Rollcall, asked as somebody. Whatever goes wrong is one sentence and an exit code. */
export class Api {
  private constructor(
    readonly url: string,
    private readonly credentials: Credentials,
    /** Where tokens are kept when they are renewed; undefined: they came from the environment. */
    private readonly file: CredentialsFile | undefined,
    private readonly project: string | undefined,
  ) {}

  /** Before anybody is logged in. */
  static at(url: string): Api {
    return new Api(url.replace(/\/+$/, ''), { url }, undefined, undefined);
  }

  /** As the environment says, or who has logged in. @throws CommandFailure when nobody has */
  static async open({ url, project }: { url?: string | undefined; project?: string | undefined }, terminal: Terminal): Promise<Api> {
    const { ROLLCALL_URL, ROLLCALL_API_KEY, ROLLCALL_PROJECT } = terminal.environment;
    const wanted = (url ?? ROLLCALL_URL)?.replace(/\/+$/, '');
    if (ROLLCALL_API_KEY !== undefined && wanted !== undefined) return new Api(wanted, { url: wanted, apiKey: ROLLCALL_API_KEY }, undefined, project ?? ROLLCALL_PROJECT);
    const file = new CredentialsFile(terminal);
    const kept = await file.read();
    if (kept === undefined) throw new CommandFailure('Nobody is logged in: use rollcall login, or set ROLLCALL_URL and ROLLCALL_API_KEY.', 3);
    // What was given to one server is shown to no other.
    if (wanted !== undefined && wanted !== kept.url && ROLLCALL_API_KEY === undefined) throw new CommandFailure(`Nobody is logged in at ${wanted}: the login is for ${kept.url}.`, 3);
    const credentials = ROLLCALL_API_KEY === undefined ? kept : { url: kept.url, apiKey: ROLLCALL_API_KEY };
    return new Api(wanted ?? kept.url, credentials, ROLLCALL_API_KEY === undefined ? file : undefined, project ?? ROLLCALL_PROJECT ?? kept.project);
  }

  /** The project that the command is about, by its id. */
  async projectId(): Promise<string> {
    const name = this.projectName();
    if (isId(name)) return name;
    for (let cursor = ''; ; ) {
      const { projects, next_cursor } = await this.json<{ projects: { project_id: string; slug: string }[]; next_cursor: string | null }>('GET', `/v1/admin/projects?page_size=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
      const found = projects.find(({ slug }) => slug === name);
      if (found !== undefined) return found.project_id;
      if (next_cursor === null) throw new CommandFailure(`There is no project ${name}, or none that you may see.`, 4);
      cursor = next_cursor;
    }
  }

  /** Its name in addresses. */
  projectName(): string {
    if (this.project === undefined) throw new UsageError('Name the project, by --project or ROLLCALL_PROJECT.');
    return this.project;
  }

  async json<T>(method: string, path: string, request: ApiRequest = {}): Promise<T> {
    return (await (await this.send(method, path, request)).json()) as T;
  }

  /** @throws CommandFailure for every answer that is no success and not expected */
  async send(method: string, path: string, request: ApiRequest = {}): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.ask(method, path, request);
      if (answer.ok || request.expected?.includes(answer.status) === true) return answer;
      const again = (answer.status === 503 || answer.status === 429) && method === 'GET' && attempt < attempts;
      if (!again) throw await this.failureOf(answer);
      await delay(Math.min(Number(answer.headers.get('retry-after') ?? '1'), 30) * 1_000);
    }
  }

  private async ask(method: string, path: string, { headers = {}, json, body }: ApiRequest): Promise<Response> {
    const sent: RequestInit & { duplex?: 'half' } = {
      method,
      headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...(await this.authorization()), ...headers },
      ...(body === undefined ? {} : { body, duplex: 'half' as const }),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    };
    try {
      return await fetch(`${this.url}${path}`, sent);
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      const { cause, message } = error as Error & { cause?: { code?: string } };
      throw new CommandFailure(`${this.url} can't be reached (${cause?.code ?? message}).`, 5);
    }
  }

  private async authorization(): Promise<Record<string, string>> {
    const { apiKey, session } = this.credentials;
    if (apiKey !== undefined) return { 'x-api-key': apiKey };
    if (session === undefined) return {};
    if (session.expiresAt - renewBefore < Date.now() / 1_000) await this.renew(session.refreshToken);
    return { authorization: `Bearer ${this.credentials.session!.accessToken}` };
  }

  private async renew(refreshToken: string): Promise<void> {
    const answer = await Api.at(this.url).ask('POST', '/v1/auth/refresh', { json: { refresh_token: refreshToken } });
    if (answer.status === 401) throw new CommandFailure('The login has ended: use rollcall login.', 3);
    if (!answer.ok) throw await this.failureOf(answer);
    this.credentials.session = sessionOf((await answer.json()) as Tokens);
    await this.file?.write(this.credentials);
  }

  private async failureOf(answer: Response): Promise<CommandFailure> {
    const problem = (await answer.json().catch(() => ({}))) as Problem;
    const places = (problem.errors ?? []).slice(0, 5).map(({ path, message }) => ` ${path} ${message}.`);
    const sentence = `${problem.detail ?? `${this.url} answered ${answer.status}.`}${places.join('')}`;
    return new CommandFailure(sentence, answer.status === 401 || answer.status === 403 ? 3 : answer.status >= 500 ? 5 : 4);
  }
}

export interface Tokens {
  access_token: string;
  expires_in: number;
  refresh_token: string;
}

export function sessionOf({ access_token: accessToken, expires_in, refresh_token: refreshToken }: Tokens): NonNullable<Credentials['session']> {
  return { accessToken, expiresAt: Math.floor(Date.now() / 1_000) + expires_in, refreshToken };
}

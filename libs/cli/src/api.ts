import { setTimeout as delay } from 'node:timers/promises';
import { CommandFailure, UsageError, type FailureFacts, type Terminal } from './command.js';
import { CredentialsFile, heldMs, type Credentials } from './credentials.js';
import { isHeaderText, isId } from './parse-options.js';
import { sessionOf, type Tokens } from './session.js';

export interface ApiRequest {
  headers?: Record<string, string>;
  json?: unknown;
  /** Makes what is sent; once more for each try. */
  body?: () => ReadableStream<Uint8Array>;
  /** Statuses of failure that the caller answers by itself. */
  expected?: readonly number[];
  /** Doing it twice is doing it once: it is tried again while Rollcall is busy or out of reach, for a second or for half a minute. */
  repeat?: keyof typeof attempts;
  /** The answer is read as a whole: one that breaks off is none. Else the caller reads it as it comes. */
  isWhole?: boolean;
  /** Milliseconds that a whole answer may take. */
  within?: number;
}

interface Problem {
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: { path: string; message: string }[];
}

/** With a pause before the second try, twice as long before each further one. */
const attempts = { briefly: 3, patiently: 8 } as const;
const firstPauseMs = 250;
const mostPauseSeconds = 30;
const answerMs = 60_000;
/** An access token is renewed so many seconds before it ends. */
const renewBefore = 30;

/** A Rollcall, asked as somebody. Whatever goes wrong is one sentence and an exit code. */
export class Api {
  private foundProject: string | undefined;

  private constructor(
    readonly url: string,
    private credentials: Credentials,
    /** Where tokens are kept when they are renewed; undefined: they came from the environment. */
    private readonly file: CredentialsFile | undefined,
    private readonly project: string | undefined,
  ) {}

  /** Before anybody is logged in. */
  static at(url: string): Api {
    return new Api(withoutSlash(url), { url }, undefined, undefined);
  }

  /** As who is logging in. */
  static as(credentials: Credentials): Api {
    return new Api(credentials.url, credentials, undefined, credentials.project);
  }

  /** As the environment says, or who has logged in. @throws CommandFailure when nobody has */
  static async open({ url, project }: { url?: string | undefined; project?: string | undefined }, terminal: Terminal): Promise<Api> {
    const { ROLLCALL_URL, ROLLCALL_API_KEY: apiKey, ROLLCALL_PROJECT } = terminal.environment;
    const wanted = url ?? ROLLCALL_URL;
    if (wanted !== undefined && !/^https?:/.test(wanted)) throw new UsageError('The URL of Rollcall begins with https:// or http://.');
    const named = project ?? ROLLCALL_PROJECT;
    if (apiKey !== undefined && wanted !== undefined) return new Api(withoutSlash(wanted), { url: wanted, apiKey }, undefined, named);
    const file = new CredentialsFile(terminal);
    const kept = await file.read();
    if (kept === undefined) throw new CommandFailure('Nobody is logged in: use rollcall login, or set ROLLCALL_URL and ROLLCALL_API_KEY.', 3);
    // What was given to one server is shown to no other.
    if (wanted !== undefined && withoutSlash(wanted) !== kept.url) throw new CommandFailure(`Nobody is logged in at ${wanted}: the login is for ${kept.url}.`, 3);
    return apiKey === undefined ? new Api(kept.url, kept, file, named ?? kept.project) : new Api(kept.url, { url: kept.url, apiKey }, undefined, named ?? kept.project);
  }

  /** The project that the command is about, by its id. */
  async projectId(): Promise<string> {
    const name = this.projectName();
    if (isId(name)) return name;
    return (this.foundProject ??= await this.findProject(name));
  }

  /** Who may not look at projects may use them all the same. @throws CommandFailure where there is none of this name */
  async checkProject(): Promise<void> {
    const name = this.projectName();
    await (isId(name) ? this.send('GET', `/v1/admin/projects/${name}`) : this.findProject(name)).catch((error: unknown) => {
      if (!(error instanceof CommandFailure) || error.exitCode !== 3) throw error;
    });
  }

  private async findProject(name: string): Promise<string> {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { projects: { project_id: string; slug: string }[]; next_cursor: string | null } = await this.json('GET', `/v1/admin/projects?page_size=100${query}`, { repeat: 'briefly' });
      const found = page.projects.find(({ slug }) => slug === name);
      if (found !== undefined) return found.project_id;
      cursor = page.next_cursor;
    }
    throw new CommandFailure(`There is no project ${name}, or none that you may see.`, 4);
  }

  /** Its name in addresses. */
  projectName(): string {
    if (this.project === undefined) throw new UsageError('Name the project, by --project or ROLLCALL_PROJECT.');
    return this.project;
  }

  async json<T>(method: string, path: string, request: ApiRequest = {}): Promise<T> {
    return (await (await this.send(method, path, { ...request, isWhole: true })).json()) as T;
  }

  /** @throws CommandFailure for every answer that is no success and not expected */
  async send(method: string, path: string, request: ApiRequest = {}): Promise<Response> {
    const most = request.repeat === undefined ? 1 : attempts[request.repeat];
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt >= most;
      const answer = await this.ask(method, path, request).catch((error: unknown) => {
        if (isLast || !(error instanceof CommandFailure) || error.exitCode !== 5) throw error;
        return undefined;
      });
      if (answer !== undefined && (answer.ok || request.expected?.includes(answer.status) === true)) return answer;
      if (answer !== undefined && (isLast || ![429, 502, 503, 504].includes(answer.status))) throw await this.failureOf(answer);
      const pauseMs = firstPauseMs * 2 ** (attempt - 1);
      await delay(Math.max(pauseMs, Math.min(Number(answer?.headers.get('retry-after') ?? 0), mostPauseSeconds) * 1_000));
    }
  }

  private async ask(method: string, path: string, { headers = {}, json, body, isWhole = false, within = answerMs }: ApiRequest): Promise<Response> {
    const sent: RequestInit & { duplex?: 'half' } = {
      method,
      ...(isWhole && body === undefined ? { signal: AbortSignal.timeout(within) } : {}),
      // What is meant for one address is sent to no other.
      redirect: 'manual',
      headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...(await this.authorization()), ...headers },
      ...(body === undefined ? {} : { body: body(), duplex: 'half' as const }),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    };
    try {
      const answer = await fetch(`${this.url}${path}`, sent);
      return isWhole ? new Response((await answer.text()) || null, { status: answer.status, headers: answer.headers }) : answer;
    } catch (error) {
      throw this.outOfReach(error);
    }
  }

  private outOfReach(error: unknown): CommandFailure {
    if (error instanceof CommandFailure) return error;
    const { cause, message } = error as Error & { cause?: { code?: string } };
    if (cause instanceof CommandFailure) return cause;
    return new CommandFailure(`${this.url} can't be reached, or broke off (${cause?.code ?? message}).`, 5);
  }

  private async authorization(): Promise<Record<string, string>> {
    const { apiKey } = this.credentials;
    if (apiKey !== undefined && !isHeaderText(apiKey)) throw new CommandFailure('The API key has characters that no key has.', 3);
    if (apiKey !== undefined) return { 'x-api-key': apiKey };
    if (this.credentials.session === undefined) return {};
    if (endsSoon(this.credentials)) await (this.file === undefined ? this.renew() : this.file.alone(() => this.renew()));
    return { authorization: `Bearer ${this.credentials.session.accessToken}` };
  }

  private async renew(): Promise<void> {
    const kept = await this.file?.read();
    // Meanwhile somebody may have logged in elsewhere, or as another person, or out: this command goes on as who began it.
    const isOurs = kept?.session !== undefined && kept.url === this.url && kept.login === this.credentials.login;
    if (isOurs) this.credentials = kept;
    if (!endsSoon(this.credentials)) return; // another command was first
    const answer = await Api.at(this.url).send('POST', '/v1/auth/refresh', { json: { refresh_token: this.credentials.session?.refreshToken }, expected: [401], isWhole: true, within: heldMs });
    if (answer.status === 401) throw new CommandFailure('The login has ended: use rollcall login.', 3);
    this.credentials = { ...this.credentials, session: sessionOf((await answer.json()) as Tokens) };
    if (isOurs) await this.file?.write(this.credentials);
  }

  private async failureOf(answer: Response): Promise<CommandFailure> {
    const { detail, code, request_id: requestId, errors = [] } = (await answer.json().catch(() => ({}))) as Problem;
    const facts: FailureFacts = { code, requestId: requestId ?? answer.headers.get('x-request-id') ?? undefined, errors };
    if (answer.status >= 300 && answer.status < 400) return new CommandFailure(`${this.url} leads to ${answer.headers.get('location') ?? 'elsewhere'}: give that address.`, 2);
    // Mostly the first is in the sentence already.
    const places = errors.slice(detail !== undefined && errors[0] !== undefined && detail.startsWith(errors[0].path) ? 1 : 0, 5).map(({ path, message }) => ` ${path}: ${message}.`);
    return new CommandFailure(`${detail ?? `${this.url} answered ${answer.status}: is it a Rollcall?`}${places.join('')}`, answer.status === 401 || answer.status === 403 ? 3 : answer.status >= 500 ? 5 : 4, facts);
  }
}

function endsSoon({ session }: Credentials): boolean {
  return session !== undefined && session.expiresAt - renewBefore < Date.now() / 1_000;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

import { harmlessPosts, keyedPosts } from './api.data.js';
import type { Auth, AuthHeaders } from './auth/auth.js';
import type { AnswerOf, CallsOf, CommonOptions, ItemOf, OptionsOf, PagedEndpoint, RequestEndpoint, StreamEndpoint, UploadEndpoint, UploadOptions } from './calls.js';
import { linesOf, recordsOf } from './ndjson.js';
import { Paginator } from './paginator.js';
import { isRollcallError, RollcallError } from './rollcall-error.js';
import { targetOf, type Values } from './target.js';
import { Transport, type Fetch, type OutgoingRequest, type RetryOptions } from './transport.js';
import { isRepeatable, type Upload } from './upload.js';
import { abortable } from './waiting.js';

export interface ClientOptions<A extends Auth<object> | undefined> {
  /** Where Rollcall is reached, such as `https://users.example.com`. */
  url: string | URL;
  /** Who calls. It decides which calls there are. */
  auth?: A;
  /** Slug or id: fills `{project}` in where a call does not name another. */
  project?: string;
  /** Milliseconds that one try of a call may take. Default 30,000. */
  timeout?: number;
  retry?: RetryOptions | false;
  /** Sent with every call. */
  headers?: Readonly<Record<string, string>>;
  /** In place of the global one. */
  fetch?: Fetch;
}

/** An answer with what came beside its body. */
export interface ClientAnswer<Data> {
  data: Data;
  status: number;
  headers: Headers;
  /** `X-Request-Id`. */
  requestId: string | undefined;
}

type AnyOptions = CommonOptions & { path?: Values; query?: Values; body?: unknown };

/** Calls Rollcall in the name of whoever `auth` says. Make one with `createClient`, and keep it: it holds tokens. */
export class RollcallClient<A extends Auth<object> | undefined, Calls = CallsOf<A>> {
  readonly auth: A;
  private readonly transport: Transport;

  constructor(private readonly options: ClientOptions<A>) {
    const { url, auth, project, timeout = 30_000, retry = {}, fetch = (...request) => globalThis.fetch(...request) } = options;
    const { attempts = 4, delay = 200, maxDelay = 30_000 } = retry === false ? { attempts: 1 } : retry;
    this.transport = new Transport({ url: String(new URL(url)).replace(/\/+$/, ''), timeout, fetch, retry: { attempts, delay, maxDelay } });
    this.auth = auth as A;
    this.auth?.connect?.({ transport: this.transport, project });
  }

  /**
   * Makes a call and gives its answer's body.
   * @throws RollcallError for a refusal, or when no answer came; the signal's reason when it is aborted
   */
  async request<E extends RequestEndpoint<Calls>>(endpoint: E, ...[options]: OptionsOf<Calls[E]>): Promise<AnswerOf<Calls[E]>> {
    return (await this.answer(endpoint, this.outgoing(endpoint, options))).data as AnswerOf<Calls[E]>;
  }

  /** As `request`, with status and headers. */
  async requestWithResponse<E extends RequestEndpoint<Calls>>(endpoint: E, ...[options]: OptionsOf<Calls[E]>): Promise<ClientAnswer<AnswerOf<Calls[E]>>> {
    return (await this.answer(endpoint, this.outgoing(endpoint, options))) as ClientAnswer<AnswerOf<Calls[E]>>;
  }

  /**
   * Sends a file as it is read, however large it is. It has no time limit, unless `timeout` says one. Under its idempotency key it is sent again
   * when that breaks off, where it can be read again: a stream can't, a function that opens one can.
   * @throws RollcallError as `request` does
   */
  async upload<E extends UploadEndpoint<Calls>>(endpoint: E, options: UploadOptions<Calls[E]>): Promise<AnswerOf<Calls[E]>> {
    const { file, type = 'application/x-ndjson', ...others } = options as AnyOptions & { file: Upload; type?: string };
    const request = this.outgoing(endpoint, { ...others, headers: { ...others.headers, 'content-type': type } });
    const sent = { ...request, file, timeout: others.timeout ?? Infinity, repeatable: request.repeatable && isRepeatable(file) };
    return (await this.answer(endpoint, sent)).data as AnswerOf<Calls[E]>;
  }

  /** A list over all its pages. */
  paginate<E extends PagedEndpoint<Calls>>(endpoint: E, ...[options]: OptionsOf<Calls[E]>): Paginator<ItemOf<AnswerOf<Calls[E]>>, AnswerOf<Calls[E]>> {
    const { query, ...others } = (options ?? {}) as AnyOptions;
    return new Paginator(endpoint, async (next) => (await this.answer(endpoint, this.outgoing(endpoint, { ...others, query: { ...query, ...next } }))).data as AnswerOf<Calls[E]>);
  }

  /** The lines of an answer in NDJSON, as they come. */
  async *stream<E extends StreamEndpoint<Calls>>(endpoint: E, ...[options]: OptionsOf<Calls[E]>): AsyncGenerator<unknown, void, undefined> {
    yield* linesOf(endpoint, await this.authorised(this.outgoing(endpoint, (options ?? {}) as AnyOptions), (request) => this.transport.open(request)));
  }

  /**
   * What an export holds, one after the other as it comes, without the last line, which counts the others.
   * @throws RollcallError `answer-cut-off` when that line did not come, or counts others: what was read is not all
   */
  async *records<E extends StreamEndpoint<Calls>>(endpoint: E, ...options: OptionsOf<Calls[E]>): AsyncGenerator<Record<string, unknown>, void, undefined> {
    yield* recordsOf(endpoint, this.stream(endpoint, ...options));
  }

  private async answer(endpoint: string, sent: OutgoingRequest): Promise<ClientAnswer<unknown>> {
    const { status, headers, text } = await this.authorised(sent, (request) => this.transport.send(request));
    return { data: dataOf(endpoint, headers, text), status, headers, requestId: headers.get('x-request-id') ?? undefined };
  }

  private outgoing(endpoint: string, { path = {}, query = {}, body, headers, signal, timeout, retry, idempotencyKey }: AnyOptions = {}): OutgoingRequest {
    const isKeyed = keyedPosts.includes(endpoint);
    const isPost = endpoint.startsWith('POST ');
    const key = isKeyed ? (idempotencyKey ?? randomId()) : idempotencyKey;
    return {
      endpoint,
      target: targetOf(endpoint, { project: this.options.project, ...path }, query),
      headers: { accept: 'application/json', ...this.options.headers, ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      body,
      repeatable: retry !== false && (!isPost || isKeyed || harmlessPosts.includes(endpoint)),
      timeout,
      signal,
    };
  }

  /** With the caller's credentials; once more with new ones where they were refused. What was refused was not carried out. */
  private async authorised<T>(request: OutgoingRequest, send: (request: OutgoingRequest) => Promise<T>): Promise<T> {
    const { auth } = this;
    if (auth === undefined) return send(request);
    const withHeaders = async (): Promise<[AuthHeaders, OutgoingRequest]> => {
      const headers = await abortable(Promise.resolve(auth.headers()), request.signal);
      return [headers, { ...request, headers: { ...request.headers, ...headers } }];
    };
    const [used, first] = await withHeaders();
    try {
      return await send(first);
    } catch (error) {
      const isSpent = request.file !== undefined && !isRepeatable(request.file);
      if (!isRollcallError(error) || error.status !== 401 || isSpent || auth.renew === undefined || !(await abortable(auth.renew(used), request.signal))) throw error;
      const [, second] = await withHeaders();
      return send(second);
    }
  }
}

/**
 * Makes a client.
 *
 * @example
 * const rollcall = createClient({ url: 'https://users.example.com', auth: engagementKey({ key, secret }) });
 * const user = await rollcall.request('POST /v1/users', { body: { id: 'ada', first_name: 'Ada' } });
 */
export function createClient<A extends Auth<object> | undefined = undefined>(options: ClientOptions<A>): RollcallClient<A> {
  return new RollcallClient(options);
}

function dataOf(endpoint: string, headers: Headers, text: string): unknown {
  if (text === '') return undefined;
  if (!/[/+]json\b/.test(headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RollcallError({ endpoint, status: 0, code: 'answer-unreadable', message: `${endpoint} answered what is not JSON.`, cause: error });
  }
}

/** A UUID (version 4). `crypto.randomUUID` is missing in pages that came without TLS. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte, place) => (place === 6 ? (byte & 0x0f) | 0x40 : place === 8 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

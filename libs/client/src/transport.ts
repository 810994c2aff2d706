import { refusalOf, RollcallError } from './rollcall-error.js';
import { bodyOf, type Upload } from './upload.js';
import { pause } from './waiting.js';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How often and how patiently a call is repeated that may be repeated. */
export interface RetryOptions {
  /** Tries in all; 1: no repetition. Default 4. */
  attempts?: number;
  /** Milliseconds before the first repetition; twice as many before each further one, less up to half by chance. Default 200. */
  delay?: number;
  /** Milliseconds between two tries at the most; a `Retry-After` beyond them is not waited for. Default 30,000. */
  maxDelay?: number;
}

export interface TransportOptions {
  url: string;
  /** Milliseconds that one try may take. */
  timeout: number;
  retry: Required<RetryOptions>;
  fetch: Fetch;
}

export interface OutgoingRequest {
  /** `POST /v1/users/{uid}`: for errors. */
  endpoint: string;
  /** Path and query. */
  target: string;
  headers: Readonly<Record<string, string>>;
  body?: unknown;
  /** Sent as it is read, in place of a body. */
  file?: Upload | undefined;
  /** Whether doing it twice is doing it once. */
  repeatable: boolean;
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface IncomingAnswer {
  status: number;
  headers: Headers;
  text: string;
}

const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Sends requests, each as often as it may be and has to be. */
export class Transport {
  constructor(private readonly options: TransportOptions) {}

  /** @throws RollcallError for a refusal, or when no answer came; the signal's reason when it is aborted */
  send(request: OutgoingRequest): Promise<IncomingAnswer> {
    return this.persistently(request, async (response) => ({ status: response.status, headers: response.headers, text: await response.text() }));
  }

  /** For answers that are read as they come: of them only the beginning is repeated and has a time limit. */
  open(request: OutgoingRequest): Promise<Response> {
    return this.persistently(request, (response) => Promise.resolve(response));
  }

  private async persistently<T>(request: OutgoingRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const { attempts, delay, maxDelay } = this.options.retry;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(request, read);
      } catch (error) {
        if (!(error instanceof RollcallError) || !request.repeatable || attempt >= attempts || !mayPass(error)) throw error;
        const wait = error.retryAfter === undefined ? Math.min(maxDelay, delay * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2) : error.retryAfter * 1_000;
        if (wait > maxDelay) throw error;
        await pause(wait, request.signal);
      }
    }
  }

  private async once<T>({ endpoint, target, headers, body, file, timeout = this.options.timeout, signal }: OutgoingRequest, read: (response: Response) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const stop = new AbortController();
    const abort = () => stop.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    let late = false;
    const end = () => {
      late = true;
      stop.abort();
    };
    const timer = timeout === Infinity ? undefined : setTimeout(end, timeout);
    let kept = false;
    try {
      const init: RequestInit = { method: endpoint.slice(0, endpoint.indexOf(' ')), headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, signal: stop.signal, redirect: 'manual' };
      const json = body === undefined ? {} : { body: JSON.stringify(body) };
      const content: RequestInit & { duplex?: 'half' } = file === undefined ? json : { body: bodyOf(file), duplex: 'half' };
      const response = await this.options.fetch(`${this.options.url}${target}`, { ...init, ...content });
      if (isRedirect(response)) throw this.redirected(endpoint, response);
      if (!response.ok) throw refusalOf(endpoint, response, await response.text());
      const answer = await read(response);
      kept = answer === response;
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RollcallError) throw error;
      if (late) throw new RollcallError({ endpoint, status: 0, code: 'timeout', message: `${endpoint} was not answered within ${timeout} ms.` });
      throw new RollcallError({ endpoint, status: 0, code: 'network-error', message: `${endpoint} got no answer: ${error instanceof Error ? error.message : 'the network failed'}.`, cause: error });
    } finally {
      clearTimeout(timer);
      // An answer that is still to be read keeps listening to its caller.
      if (!kept) signal?.removeEventListener('abort', abort);
    }
  }

  /** Not followed: credentials and bodies are meant for one origin, and a POST would arrive as a GET. */
  private redirected(endpoint: string, { status, headers, body }: Response): RollcallError {
    void body?.cancel().catch(() => undefined);
    const location = headers.get('location');
    // Without what follows the path: of a call, and of a login, that may be personal or secret.
    const target = location !== null && URL.canParse(location, this.options.url) ? new URL(location, this.options.url) : undefined;
    const where = target === undefined ? 'elsewhere' : `to ${target.origin}${target.pathname}`;
    return new RollcallError({ endpoint, status, code: 'redirected', message: `${endpoint} was answered with a redirect ${where}, which is not followed: give the URL of the Rollcall that answers itself.` });
  }
}

/** In a page it can't be seen what was answered, only that it leads elsewhere. */
function isRedirect({ type, status }: Response): boolean {
  return type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(status);
}

/** Whether the same may be answered otherwise in a while. 409 with `Retry-After`: the same request is being carried out. */
function mayPass({ status, code, retryAfter }: RollcallError): boolean {
  return (status === 0 && code !== 'redirected') || passing.has(status) || (status === 409 && retryAfter !== undefined);
}

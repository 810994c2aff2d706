import { sharedApiContract } from './api-contract.js';

/** One answer of the HTTP API: everything a test looks at. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  /** Parsed when the answer is JSON, else the text. */
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests assert on its shape; that is their job
  text: string;
}

export interface ApiRequest {
  /** `[user, password]` of HTTP Basic. */
  basic?: readonly [user: string, password: string];
  bearer?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with the content type of `headers`. */
  raw?: string | Buffer<ArrayBuffer>;
}

/**
 * Calls a running Rollcall as any HTTP client would. Never throws for a status.
 * @throws Error when the OpenAPI document does not know the answer: another status, field, header or type than it says
 */
export class ApiClient {
  constructor(readonly url: string) {}

  get = (path: string, request: ApiRequest = {}) => this.send('GET', path, request);
  post = (path: string, request: ApiRequest = {}) => this.send('POST', path, request);
  put = (path: string, request: ApiRequest = {}) => this.send('PUT', path, request);
  patch = (path: string, request: ApiRequest = {}) => this.send('PATCH', path, request);
  delete = (path: string, request: ApiRequest = {}) => this.send('DELETE', path, request);

  async send(method: string, path: string, { basic, bearer, headers = {}, body, raw }: ApiRequest = {}): Promise<ApiAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(basic === undefined ? {} : { authorization: `Basic ${Buffer.from(basic.join(':')).toString('base64')}` }),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    const answer: ApiAnswer = { status: response.status, headers: response.headers, text, body: isJson && text !== '' ? JSON.parse(text) : text };
    const isBasic = basic !== undefined || /^Basic /i.test(headers['authorization'] ?? '');
    const mistakes = (await sharedApiContract(this.url))?.mistakes(method, new URL(response.url).pathname, isBasic, answer) ?? [];
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
    return answer;
  }
}

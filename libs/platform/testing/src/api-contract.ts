import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ApiAnswer } from './api-client.js';

interface Referring {
  $ref?: string;
}
interface Response extends Referring {
  headers?: Record<string, unknown>;
  content?: Record<string, { schema?: object }>;
}
interface Document {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, Response> }>>;
}
interface Known {
  pattern: RegExp;
  /** A `1` for each part of the path that is fixed, else `0`: the router takes the greater. */
  rank: string;
  path: string;
  methods: Document['paths'][string];
}

/** What HTTP itself needs, or what a browser asks beforehand: no document names it. */
const transport = new Set(['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'date', 'connection', 'keep-alive']);

const mostMistakes = 5;

/** Where the one of this worker is. On purpose it outlives the spec file: compiling the same schemas for each would cost more than all checks. */
const shared = Symbol.for('rollcall.api-contract');

/** The contract of what runs at the address; undefined while nothing answers there. All that a worker's specs talk to is of one build. */
export async function sharedApiContract(url: string): Promise<ApiContract | undefined> {
  const holder = globalThis as { [shared]?: ApiContract };
  if (holder[shared] === undefined) {
    const answer = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (answer?.ok !== true) return undefined;
    holder[shared] = new ApiContract((await answer.json()) as Document);
  }
  return holder[shared];
}

/** Holds the answers of a running Rollcall against its OpenAPI document. What of it is not asked for costs nothing. */
export class ApiContract {
  private readonly routes: Known[];
  private readonly validators = new Map<string, ValidateFunction>();
  // The document was looked at by its own rules. Formats would be looked for in every text of every answer, and there is no need.
  private readonly ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: false, addUsedSchema: false });

  constructor(private readonly document: Document) {
    this.ajv.addSchema(document, 'api');
    this.routes = Object.entries(document.paths).map(([path, methods]) => {
      const parts = path.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
      return { path, methods, pattern: new RegExp(`^${parts.join('/')}$`), rank: path.split('/').map((part) => (part.startsWith('{') ? '0' : '1')).join('') };
    });
  }

  /** @returns what the document does not say of this answer, each a sentence; empty: all is well */
  mistakes(method: string, path: string, isBasic: boolean, answer: Pick<ApiAnswer, 'status' | 'headers' | 'body'>): string[] {
    const route = this.routeOf(path, isBasic);
    const operation = route?.methods[method.toLowerCase()];
    // Where nothing is served the answer is a 404 or 405 of its own, and a URL that is none a 400.
    if (operation === undefined) return [400, 404, 405].includes(answer.status) || method === 'OPTIONS' ? [] : [`${method} ${path}: the OpenAPI document has no such operation, and it answered ${answer.status}`];
    const where = `${operation.operationId} (${method} ${route?.path}) answered ${answer.status}`;
    const declared = operation.responses[String(answer.status)];
    if (declared === undefined || answer.status === 500) return [`${where}, ${answer.status === 500 ? 'which is always a mistake' : `but the OpenAPI document has only ${Object.keys(operation.responses).join(', ')}`}: ${JSON.stringify(answer.body).slice(0, 300)}`];
    const response = this.resolve(declared);
    return [...this.headerMistakes(response, answer.headers), ...this.bodyMistakes(`${operation.operationId} ${answer.status}`, response, answer)].map((mistake) => `${where}: ${mistake}`);
  }

  private routeOf(path: string, isBasic: boolean): Known | undefined {
    const bare = path.split(/[?#]/, 1)[0] ?? '';
    // Surface B's clients may leave out `/v1`.
    const asked = isBasic && /^\/users(?=\/|$)/.test(bare) ? `/v1${bare}` : bare;
    return this.routes.filter(({ pattern }) => pattern.test(asked)).sort((one, other) => (one.rank < other.rank ? 1 : -1))[0];
  }

  private headerMistakes({ headers = {} }: Response, sent: Headers): string[] {
    const known = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    return [...sent.keys()].filter((name) => !known.has(name) && !transport.has(name)).map((name) => `the header ${name} is not in the OpenAPI document`);
  }

  private bodyMistakes(key: string, { content }: Response, { headers, body }: Pick<ApiAnswer, 'headers' | 'body'>): string[] {
    const type = headers.get('content-type')?.split(';', 1)[0];
    if (type === undefined || body === '') return [];
    const declared = content?.[type];
    if (declared === undefined) return [`the content type ${type} is not in the OpenAPI document, which has ${Object.keys(content ?? {}).join(', ') || 'no content'}`];
    if (declared.schema === undefined) return [];
    let validate = this.validators.get(key);
    if (validate === undefined) this.validators.set(key, (validate = this.compile(declared.schema)));
    if (validate(body)) return [];
    return (validate.errors ?? []).slice(0, mostMistakes).map(({ instancePath, message, params }) => `body${instancePath} ${message ?? 'is wrong'} (${JSON.stringify(params)})`);
  }

  private compile(schema: object): ValidateFunction {
    const { $ref } = schema as Referring;
    if ($ref === undefined) return this.ajv.compile(schema);
    const found = this.ajv.getSchema(`api${$ref}`);
    if (found === undefined) throw new Error(`the OpenAPI document has no ${$ref}`);
    return found as ValidateFunction;
  }

  private resolve(value: Response): Response {
    if (value.$ref === undefined) return value;
    return value.$ref.slice(2).split('/').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], this.document) as Response;
  }
}

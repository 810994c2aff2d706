import type { AnswerHeader } from '../http/answer-headers.js';
import { pageProjectOf } from '../http/browser-pages.js';
import type { Dialect } from '../http/dialect.js';
import type { Components } from './components.js';
import { exampleOf } from './examples.js';
import { failureHeadersOf, failuresOf } from './failures.js';
import { jsonSchemaOf, propertiesOf } from './json-schema.js';
import type { Operation } from './operations.js';
import { accessText, securityOf } from './security.js';

/** Describes one operation, and leaves what it shares with others in the components. */
export function describeOperation(operation: Operation, dialect: Dialect, tag: string, components: Components): Record<string, unknown> {
  const { id, route, path } = operation;
  const body = route.file !== undefined ? fileBody(route.file) : route.body === undefined ? undefined : { required: !route.body.safeParse(undefined).success, content: { 'application/json': { schema: components.schema(`${id}Body`, route.body, 'body'), example: bodyExample(operation) } } };
  return {
    operationId: id,
    summary: route.summary,
    description: [route.description, accessText(route.access), idempotencyText(operation)].filter((text) => text !== undefined).join('\n\n'),
    tags: [tag],
    security: requirementsOf(operation),
    parameters: parametersOf(operation, path, components),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...failures(operation, dialect, components), ...successes(operation, components) },
    // What the route takes, for whoever reads the document by machine: the permission matrix is made from it.
    'x-access': { ...route.access },
  };
}

function fileBody({ description, examples }: NonNullable<Operation['route']['file']>): object {
  const content = Object.entries(examples).map(([type, example]) => [type, { schema: { type: 'string', format: 'binary', maxLength: 2 ** 31 - 1 }, example }]);
  return { required: true, description, content: Object.fromEntries(content) as object };
}

/** Where nothing is required there is one requirement, which is empty. */
function requirementsOf({ route }: Operation): Record<string, string[]>[] {
  const schemes = securityOf(route);
  return schemes.length === 0 ? [{}] : schemes.map((scheme) => ({ [scheme]: scheme === 'clientCredentials' && route.access.kind === 'environment' ? [route.access.role] : [] }));
}

/** What the route says, or what its schema takes. */
export function bodyExample({ route }: Operation): unknown {
  return route.example ?? (route.body === undefined ? undefined : exampleOf(jsonSchemaOf(route.body, 'body')));
}

function idempotencyText({ route: { idempotencyKey } }: Operation): string | undefined {
  return typeof idempotencyKey === 'object' ? `An \`Idempotency-Key\` is ignored: ${idempotencyKey.ignored}.` : undefined;
}

function parametersOf({ route }: Operation, path: string, components: Components): unknown[] {
  const described = new Map(propertiesOf(route.params, 'path').map(([name, schema]) => [name, schema]));
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter('path', name, { type: 'string', minLength: 1, maxLength: 1_024, ...described.get(name) }, true));
  const inQuery = propertiesOf(route.query, 'query').map(([name, schema, required]) => parameter('query', name, schema, required));
  return [...inPath, ...inQuery, ...(route.idempotencyKey === 'honoured' ? [components.parameter('IdempotencyKey')] : []), components.parameter('RequestId')];
}

function parameter(place: 'path' | 'query', name: string, { description, ...schema }: Record<string, unknown>, required: boolean): unknown {
  return { name, in: place, required, description: description ?? pathTexts[name] ?? `The ${name.replaceAll('_', ' ')}`, schema };
}

const pathTexts: Readonly<Record<string, string>> = { project: 'Slug or id of the project', org: 'Slug or id of the organisation', uid: 'Your id of the user', kid: 'Id of the key' };

/** Headers of every answer of the route. */
function headersOf({ route, headers }: Operation): AnswerHeader[] {
  const forPages: AnswerHeader[] = pageProjectOf(route) === undefined ? [] : ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers', 'Vary'];
  return ['X-Request-Id', 'Cache-Control', 'X-Content-Type-Options', ...(route.surface === 'deployment' ? [] : (['RateLimit', 'RateLimit-Policy'] as const)), ...forPages, ...headers];
}

function successes(operation: Operation, components: Components): Record<string, unknown> {
  const { id, route } = operation;
  const { status, description, body, stream, headers = [] } = route.answer;
  const content = stream === undefined ? jsonContent(components, `${id}Answer`, body) : { [stream]: {} };
  const others = Object.entries(route.otherAnswers ?? {}).map(([other, answer]): [string, object] => [other, { description: answer.description, headers: components.headers([...headersOf(operation), ...(answer.headers ?? [])]), ...withContent(jsonContent(components, `${id}Answer${other}`, answer.body)) }]);
  return { [status]: { description, headers: components.headers([...headersOf(operation), ...headers, ...(stream === undefined ? [] : ['Content-Disposition' as const])]), ...withContent(content) }, ...Object.fromEntries(others) };
}

function jsonContent(components: Components, name: string, body: Operation['route']['answer']['body']): object | undefined {
  return body === undefined ? undefined : { 'application/json': { schema: components.schema(name, body, 'answer'), example: exampleOf(jsonSchemaOf(body, 'answer')) } };
}

function withContent(content: object | undefined): object {
  return content === undefined ? {} : { content };
}

function failures(operation: Operation, dialect: Dialect, components: Components): Record<string, unknown> {
  const { route, path } = operation;
  return Object.fromEntries(failuresOf(route, path).map(([status, description]) => [status, components.failure(dialect, status, description, [...headersOf(operation), ...failureHeadersOf(status, route.surface)])]));
}

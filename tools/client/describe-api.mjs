import { createHash } from 'node:crypto';

/** Sections of the OpenAPI document by the letter before their tags, and what their calls are called in the client. */
const surfaces = { A: 'EnvironmentCalls', B: 'EngagementCalls', C: 'ProjectCalls', D: 'AdminCalls', E: 'DeploymentCalls' };
/** Pages and scripts of the reference are for browsers. */
const streams = ['application/x-ndjson', 'text/plain'];
const methods = ['get', 'post', 'put', 'patch', 'delete'];
/** An answer without a body, and one whose form no schema tells. */
const noSchema = new Set(['undefined', 'unknown']);
/** Lists whose filters no document can name one by one: `filter[attributes.plan][eq]`. */
const filtered = ['GET /{project}/users', 'GET /{project}/users/count'];

/**
 * The types of `@rollcall/client`, and what it has to know of the calls at run time.
 *
 * @param {object} document OpenAPI 3.1 of all surfaces
 * @returns {Promise<string>} a TypeScript file
 */
export async function apiTypes(document) {
  const description = describe(document);
  const body = await typesOf(description);
  return `${fingerprintLine(description, body)}${body}`;
}

/**
 * Whether a file is what `apiTypes` makes of the document. By fingerprints, because making it takes seconds.
 *
 * @param {string} text of the file @param {object} document
 */
export function isCurrent(text, document) {
  const end = text.indexOf('\n') + 1;
  return text.slice(0, end) === fingerprintLine(describe(document), text.slice(end));
}

function fingerprintLine(description, body) {
  const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `// Made by \`node tools/client/api-types.mjs\` of the API's description ${hash(JSON.stringify(description))}: ${hash(body)}. Not to be changed by hand.\n`;
}

/** What the client is made of: the calls, and the schemas that they name. Failures, headers and limits are left out. */
function describe(document) {
  const calls = Object.entries(document.paths)
    .flatMap(([path, operations]) => methods.filter((method) => method in operations).map((method) => call(method, path, operations[method])))
    .filter(({ answers, stream }) => stream === undefined ? answers.length > 0 : streams.includes(stream));
  const { schemas } = document.components;
  const wanted = new Set(calls.flatMap(({ body, answers }) => [body?.schema, ...answers]).filter((name) => name !== undefined && !noSchema.has(name)));
  for (const name of wanted) for (const other of referencesIn(schemas[name])) wanted.add(other);
  const queries = calls.filter(({ query }) => query !== undefined).map(({ id, query }) => [`${id}Query`, query]);
  const errorCodes = schemas.Problem.properties.code.enum;
  return { calls, errorCodes, schemas: Object.fromEntries([...[...wanted].map((name) => [name, schemas[name]]), ...queries].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, schema]) => [name, withoutLimits(schema)])) };
}

function call(method, path, operation) {
  const query = operation.parameters.filter((parameter) => parameter.in === 'query');
  const ok = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const contents = ok.map(([, { content }]) => content ?? {});
  return {
    endpoint: `${method.toUpperCase()} ${path}`,
    id: `${operation.operationId.charAt(0).toUpperCase()}${operation.operationId.slice(1)}`,
    summary: operation.summary,
    surface: operation.tags[0].charAt(0),
    endUser: operation['x-access']?.kind === 'end-user',
    path: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    query: query.length === 0 ? undefined : { type: 'object', properties: Object.fromEntries(query.map(({ name, description, schema }) => [name, { description, ...schema }])), required: query.filter(({ required }) => required).map(({ name }) => name) },
    body: bodyOf(operation.requestBody),
    answers: [...new Set(contents.map((content) => (content['application/json'] === undefined ? 'undefined' : (schemaName(content['application/json'].schema) ?? 'unknown'))))],
    stream: contents.flatMap((content) => Object.keys(content)).find((type) => type !== 'application/json'),
    repeats: method !== 'post' ? undefined : operation.parameters.some(({ $ref }) => $ref?.endsWith('/IdempotencyKey')) ? 'keyed' : / is ignored: nothing is changed\./.test(operation.description) ? 'harmless' : undefined,
  };
}

function bodyOf(requestBody) {
  if (requestBody === undefined) return undefined;
  const types = Object.keys(requestBody.content);
  return { required: requestBody.required === true, schema: schemaName(requestBody.content['application/json']?.schema), uploads: types.filter((type) => type !== 'application/json') };
}

function schemaName(schema) {
  return schema?.$ref?.split('/').at(-1);
}

function referencesIn(schema) {
  return [...JSON.stringify(schema ?? {}).matchAll(/"#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
}

const limits = new Set(['maxLength', 'minLength', 'pattern', 'maxItems', 'minItems', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'format', 'example', 'examples', 'default', 'propertyNames', '$defs']);

/** Types can't say them, and comments about them would be most of the file. */
function withoutLimits(value, isMap = false) {
  if (Array.isArray(value)) return value.map((one) => withoutLimits(one));
  if (value === null || typeof value !== 'object') return value;
  // Of schemas that contain themselves there is one: whatever JSON holds.
  if (value.$ref?.includes('/$defs/')) return {};
  return Object.fromEntries(Object.entries(value).filter(([key]) => isMap || !limits.has(key)).map(([key, one]) => [key, withoutLimits(one, !isMap && key === 'properties')]));
}

async function typesOf({ calls, errorCodes, schemas }) {
  // Whoever only compares needs none of it.
  const { default: openapiTypes, astToString } = await import('openapi-typescript');
  const nodes = await openapiTypes({ openapi: '3.1.0', info: { title: 'Rollcall', version: '1' }, paths: {}, components: { schemas } }, { defaultNonNullable: false, silent: true, alphabetize: false });
  const [, members] = /^ {4}schemas: \{\n([^]*?)^ {4}\};/m.exec(astToString(nodes));
  const tables = Object.entries(surfaces).map(([letter, name]) => table(name, calls.filter(({ surface, endUser }) => surface === letter && !endUser)));
  return [
    `export type ErrorCode =\n${errorCodes.map((code) => `  | '${code}'`).join('\n')};`,
    ...tables,
    table('EndUserCalls', calls.filter(({ endUser }) => endUser)),
    list('keyedPosts', 'POSTs that are carried out once for each `Idempotency-Key`.', calls, 'keyed'),
    list('harmlessPosts', 'POSTs that change nothing.', calls, 'harmless'),
    `/** What calls take and answer, by the names that the OpenAPI document has for it. */\nexport interface Schemas {\n${members.replaceAll(/^ {4}/gm, '').replaceAll('    ', '  ').replaceAll('components["schemas"]', 'Schemas').trimEnd()}\n}\n`,
  ].join('\n\n');
}

function list(name, comment, calls, repeats) {
  return `/** ${comment} */\nexport const ${name}: readonly string[] = [\n${calls.filter((one) => one.repeats === repeats).map(({ endpoint }) => `  '${endpoint}',`).join('\n')}\n];`;
}

function table(name, calls) {
  return `export interface ${name} {\n${calls.map((one) => `  /** ${one.summary.replaceAll('*/', '*\\/')} */\n  '${one.endpoint}': { ${partsOf(one).join('; ')} };`).join('\n')}\n}`;
}

function partsOf({ endpoint, id, path, query, body, answers, stream }) {
  return [
    ...(path.length === 0 ? [] : [`path: { ${path.map((name) => `${name}${name === 'project' ? '?' : ''}: string`).join('; ')} }`]),
    ...(query === undefined ? [] : [`query: ${typeName(`${id}Query`)}${filtered.includes(endpoint) ? ' & { [filter: `filter[${string}][${string}]`]: string | number | boolean }' : ''}`]),
    ...(body === undefined ? [] : [`body${body.required ? '' : '?'}: ${[...(body.schema === undefined ? [] : [typeName(body.schema)]), ...(body.uploads.length === 0 ? [] : [`{ upload: ${body.uploads.map((type) => `'${type}'`).join(' | ')} }`])].join(' | ')}`]),
    stream === undefined ? `answer: ${answers.map((answer) => (noSchema.has(answer) ? answer : typeName(answer))).join(' | ')}` : `stream: '${stream}'`,
  ];
}

function typeName(schema) {
  return `Schemas['${schema}']`;
}

import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Where a value stands: what a client sends is limited by how it is sent. */
export type Place = 'path' | 'query' | 'body' | 'answer';

/**
 * The longest text of each place, for schemas that set no limit of their own: what the router takes, what a request's head
 * may have, and the largest body. What is answered was sent once, or is shorter.
 */
const longestText: Record<Place, number> = { path: 1_024, query: 16_384, body: 1_048_576, answer: 1_048_576 };
/** A body of 1 MiB holds no more; an answer is made of at most as much. */
const mostItems: Record<Place, number> = { path: 1, query: 1_000, body: 524_288, answer: 1_000_000 };

const places: Record<Place, 'input' | 'output'> = { path: 'input', query: 'input', body: 'input', answer: 'output' };

/** Schemas are shared by many operations, and by several documents. */
const made: Record<Place, WeakMap<z.ZodType, JsonSchema>> = { path: new WeakMap(), query: new WeakMap(), body: new WeakMap(), answer: new WeakMap() };

/** The JSON Schema (2020-12) of what a schema takes, or of what it gives. Every text, list and whole number has its limits. */
export function jsonSchemaOf(schema: z.ZodType, place: Place): JsonSchema {
  const known = made[place].get(schema);
  if (known !== undefined) return known;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: places[place], unrepresentable: 'any' }) as JsonSchema;
  const described = limited(rest, place) as JsonSchema;
  made[place].set(schema, described);
  return described;
}

const schemaMaps = new Set(['properties', 'patternProperties', '$defs']);

function limited(schema: unknown, place: Place): unknown {
  if (Array.isArray(schema)) return schema.map((one) => limited(one, place));
  if (schema === null || typeof schema !== 'object') return schema;
  const result = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '~standard').map(([key, value]) => [key, parts(key, value, place)]));
  const types = [result['type']].flat();
  if (types.includes('string') && !('enum' in result) && !('const' in result)) result['maxLength'] ??= longestText[place];
  if (typeof result['pattern'] === 'string') result['pattern'] = portable(result['pattern']);
  if (types.includes('array')) result['maxItems'] ??= mostItems[place];
  if (types.includes('integer')) {
    result['format'] ??= 'int64';
    if (!('exclusiveMinimum' in result)) result['minimum'] ??= Number.MIN_SAFE_INTEGER;
    if (!('exclusiveMaximum' in result)) result['maximum'] ??= Number.MAX_SAFE_INTEGER;
  }
  return result;
}

/** Many tools read patterns without the classes of Unicode. What stands for them takes a little more than the server does. */
function portable(pattern: string): string {
  const controls = '\\u0000-\\u001f\\u007f-\\u009f';
  return pattern.replaceAll('\\P{C}', `[^${controls}]`).replaceAll('\\p{C}', controls).replaceAll('\\p{L}', 'A-Za-z\\u00aa-\\uffff').replaceAll('\\p{N}', '0-9').replace(/(\\p\{C[cfsn]\})+/g, controls);
}

function parts(key: string, value: unknown, place: Place): unknown {
  if (schemaMaps.has(key)) return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, limited(one, place)]));
  return ['items', 'prefixItems', 'additionalProperties', 'propertyNames', 'anyOf', 'oneOf', 'allOf', 'not'].includes(key) ? limited(value, place) : value;
}

/** The properties of an object's schema: name, schema, whether it has to be there. */
export function propertiesOf(schema: z.ZodType | undefined, place: Place): [name: string, schema: JsonSchema, required: boolean][] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema, place) as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, property]) => [name, property, required.includes(name)]);
}

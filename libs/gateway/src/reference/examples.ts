import type { JsonSchema } from './json-schema.js';

const anId = '0195cf2e-7d1c-7a52-9d0a-3c1f6f0a5b11';

/** What a field of the name holds, for the reader. Where a schema does not allow it, it is not used. */
const values: Readonly<Record<string, unknown>> = {
  accounts: [{ id: 'acme', role: 'buyer' }],
  algorithm: 'EdDSA',
  attributes: { plan: 'pro' },
  claims: { city: 'city' },
  client_id: 'rc_client_3f1c2a',
  client_secret: 'rc_secret_Zm9vYmFy',
  code: 'b2f8a1c0',
  data: ['ada'],
  destination: 'ada',
  email: 'ada@example.com',
  event: 'Paid',
  events: [{ uid: 'ada', event: 'Paid', properties: { amount: 12 } }],
  first_name: 'Ada',
  firstName: 'Ada',
  grant_type: 'client_credentials',
  hash: '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
  id: 'ada',
  invitations: [{ user_email: 'ada@example.com', role: 'member' }],
  issuer: 'https://login.example.com',
  label: 'Joined on',
  last_name: 'Lovelace',
  lastName: 'Lovelace',
  name: 'Example',
  number: '+4915112345678',
  password: 'correct horse battery',
  new_password: 'correct horse battery',
  permission: 'users:read',
  permissions: ['users:read'],
  preferences: { timezone: 'Europe/Berlin' },
  project: 'demo',
  public_key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  role: 'member',
  roles: ['viewer'],
  rule: { 'attributes.plan': 'pro' },
  slug: 'example',
  source: 'ada.lovelace',
  timestamp: '2026-01-01T12:00:00.000Z',
  timezone: 'Europe/Berlin',
  token: 'mPz3v6cUqv0XhV1t',
  user_email: 'ada@example.com',
  user_name: 'Ada Lovelace',
  username: 'ada',
  users: [{ id: 'ada', profile: { name: 'Ada Lovelace', email: 'ada@example.com' } }],
};

const formats: Readonly<Record<string, string>> = { uuid: anId, 'date-time': '2026-01-01T12:00:00.000Z', date: '2026-01-01', email: 'ada@example.com', uri: 'https://example.com/' };

/** Something that the schema takes: what is required, and where nothing is, the first fields. */
export function exampleOf(schema: JsonSchema, name = ''): unknown {
  const { const: only, enum: choices, anyOf, oneOf, type, default: standard, examples } = schema as { const?: unknown; enum?: unknown[]; anyOf?: JsonSchema[]; oneOf?: JsonSchema[]; type?: string | string[]; default?: unknown; examples?: unknown[] };
  if (only !== undefined) return only;
  if (examples?.[0] !== undefined) return examples[0];
  const known = values[name];
  if (known !== undefined && (choices === undefined || choices.includes(known)) && fits(known, schema)) return known;
  if (choices !== undefined) return choices[0];
  const alternative = (anyOf ?? oneOf)?.find((one) => one['type'] !== 'null');
  if (alternative !== undefined) return exampleOf(alternative, name);
  if (standard !== undefined) return standard;
  switch ([type].flat().find((one) => one !== 'null')) {
    case 'object':
      return exampleObject(schema);
    case 'array':
      return [exampleOf((schema['items'] ?? {}) as JsonSchema, name)];
    case 'integer':
    case 'number':
      return Math.max(1, Number(schema['minimum'] ?? 1));
    case 'boolean':
      return true;
    default:
      return exampleText(schema, name);
  }
}

function exampleObject({ properties = {}, required = [] }: { properties?: Record<string, JsonSchema>; required?: string[] } & JsonSchema): Record<string, unknown> {
  const names = Object.keys(properties);
  const shown = required.length > 0 ? required : names.slice(0, 2);
  return Object.fromEntries(names.filter((name) => shown.includes(name)).map((name) => [name, exampleOf(properties[name] as JsonSchema, name)]));
}

function exampleText({ format, maxLength }: JsonSchema, name: string): string {
  const moment = '2026-01-01T12:00:00.000Z';
  const byName = /(_id|Id)$/.test(name) ? anId : /(_at|At|^from|^to|^since|^until)$/.test(name) ? moment : /url/i.test(name) ? 'https://example.com/' : `some-${name === '' ? 'text' : name.replaceAll('_', '-')}`;
  const text = formats[String(format)] ?? byName;
  return text.slice(0, Number(maxLength ?? text.length));
}

function fits(value: unknown, { type, anyOf, oneOf, pattern, properties }: JsonSchema): boolean {
  const types = [type, ...[(anyOf ?? oneOf) as JsonSchema[] | undefined].flat().map((one) => one?.['type'])].flat();
  const kind = Array.isArray(value) ? 'array' : typeof value === 'number' ? 'integer' : typeof value;
  if (types.every((one) => one === undefined)) return true;
  if (kind === 'object' && properties !== undefined) return Object.keys(value as object).every((key) => key in (properties as object));
  return types.includes(kind) && (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(String(value)));
}

import type { JsonSchema } from './json-schema.js';

const anId = '0195cf2e-7d1c-7a52-9d0a-3c1f6f0a5b11';

/** What a field of the name holds, for the reader. Where a schema does not allow it, it is not used. */
const values: Readonly<Record<string, unknown>> = {
  access_token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl',
  accounts: [{ id: 'acme', role: 'buyer' }],
  address: '192.0.2.7',
  algorithm: 'EdDSA',
  attributes: { plan: 'pro' },
  city: 'London',
  claims: { city: 'city' },
  client_id: 'rc_client_3f1c2a',
  client_secret: 'rc_secret_Zm9vYmFy',
  code: 'b2f8a1c0',
  computing: ['Paid'],
  country: 'GB',
  created: '2026-01-01T12:00:00.000Z',
  created_by: anId,
  createdBy: anId,
  data: ['ada'],
  day: '2026-01-31',
  destination: 'ada',
  device: 'Firefox on Linux',
  email: 'ada@example.com',
  event: 'Paid',
  events: [{ uid: 'ada', event: 'Paid', properties: { amount: 12 } }],
  expires_in: 900,
  external_id: 'ada',
  first_name: 'Ada',
  firstName: 'Ada',
  global_role: 'user',
  grant_type: 'client_credentials',
  hash: '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
  id: 'ada',
  invitations: [{ user_email: 'ada@example.com', role: 'member' }],
  issuer: 'https://login.example.com',
  label: 'Joined on',
  last_name: 'Lovelace',
  lastName: 'Lovelace',
  level: 'project',
  message: 'There is no such user.',
  meta: { plan: 'pro' },
  mobilePhone: '+4915112345678',
  modified_by: anId,
  modifiedBy: anId,
  name: 'Example',
  new_password: 'correct horse battery',
  next_cursor: 'eyJhZnRlciI6MTAwfQ',
  notes: 'Prefers letters',
  number: '+4915112345678',
  org_name: 'Example',
  page_size: 50,
  password: 'correct horse battery',
  permission: 'users:read',
  permissions: ['users:read'],
  phone: '+4915112345678',
  preferences: { timezone: 'Europe/Berlin' },
  preferencesUpdated: '2026-01-01T12:00:00.000Z',
  project: 'demo',
  project_name: 'Shop',
  properties: { amount: 12 },
  public_key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  refresh: '7Q2bV1dXn0c',
  refresh_token: '7Q2bV1dXn0c',
  region: 'England',
  role: 'member',
  roles: ['viewer'],
  rule: { 'attributes.plan': 'pro' },
  slug: 'example',
  source: 'ada.lovelace',
  state: 'done',
  status: 'active',
  team_name: 'Support',
  timestamp: '2026-01-01T12:00:00.000Z',
  timezone: 'Europe/Berlin',
  token: 'mPz3v6cUqv0XhV1t',
  uid: 'ada',
  user_agent: 'Mozilla/5.0',
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

function exampleText({ format, maxLength, pattern }: JsonSchema, name: string): string {
  // Of hashes and signatures: so many signs of base64url.
  const [, signs] = /^\^\[\\w-\]\{(\d+)\}\$$/.exec(String(pattern)) ?? [];
  if (signs !== undefined) return 'nU9cAAJQ3hXgkq7a'.repeat(8).slice(0, Number(signs));
  const moment = '2026-01-01T12:00:00.000Z';
  const byName = /(_id|Id)$/.test(name) ? anId : /(_at|At|^from|^to|^since|^until)$/.test(name) ? moment : /url/i.test(name) ? 'https://example.com/' : `some-${name === '' ? 'text' : name.replaceAll('_', '-')}`;
  const text = formats[String(format)] ?? byName;
  return text.slice(0, Number(maxLength ?? text.length));
}

/** Whether the schema may take it, as far as kinds, names and what is required tell. */
function fits(value: unknown, schema: JsonSchema): boolean {
  const { type, anyOf, oneOf, pattern, enum: choices, properties, required = [], items, additionalProperties } = schema as JsonSchema & { anyOf?: JsonSchema[]; oneOf?: JsonSchema[]; enum?: unknown[]; properties?: Record<string, JsonSchema>; required?: string[]; items?: JsonSchema };
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) return alternatives.some((one) => fits(value, one));
  if (choices !== undefined) return choices.includes(value);
  if (type === undefined) return true;
  const kind = Array.isArray(value) ? 'array' : typeof value === 'number' ? 'integer' : typeof value;
  if (![type].flat().includes(kind)) return false;
  if (Array.isArray(value)) return value.every((one) => items === undefined || fits(one, items));
  if (kind === 'object') {
    const entries = Object.entries(value as object);
    const rest = properties !== undefined || additionalProperties === false ? undefined : ((additionalProperties ?? {}) as JsonSchema);
    return required.every((name) => name in (value as object)) && entries.every(([name, one]) => {
      const described = properties?.[name] ?? rest;
      return described !== undefined && fits(one, described);
    });
  }
  return typeof pattern !== 'string' || new RegExp(pattern, 'u').test(String(value));
}

import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Api } from './api.js';
import { CommandFailure, exitCodesText, UsageError, type Command, type ExitCode, type Terminal } from './command.js';
import { findUser } from './find-user.js';
import { waitForImport, type ImportJob } from './import-job.js';
import { connectionHelp, connectionOptions, parseOptions } from './parse-options.js';

const help = `Usage: rollcall users list [--page N] [--size N] [--filter FIELD=VALUE]…
       rollcall users search TEXT [--page N] [--size N]
       rollcall users get USER
       rollcall users put ID [--data JSON] [--email EMAIL] [--attribute NAME=VALUE]…

  list               users of the project, newest first
  search             whose names, user name or email have the text in them
  get                one, by your id of them, ours, their email or user name
  put                creates the user with this id of yours, or updates them

  --filter F=V       a field of a user, or attributes.NAME, that is this; several: all of them
  --data JSON        what an import takes of a user, as an object; - for standard input
  --email EMAIL      and --first-name, --last-name, --phone: of the user
  --attribute N=V    an attribute; a number, true and false are taken as such
  --page, --size     which page, and how many of it (1 to 100, default 25)
  --json             answer in JSON, a line for each user
${connectionHelp}  --help

${exitCodesText}`;

const many = { type: 'string', multiple: true, default: [] as string[] } as const;
const options = {
  ...connectionOptions, page: { type: 'string', default: '1' }, size: { type: 'string', default: '25' }, filter: many, attribute: many, data: { type: 'string' },
  email: { type: 'string' }, phone: { type: 'string' }, 'first-name': { type: 'string' }, 'last-name': { type: 'string' },
} as const;

/** A user as surface C shows them in lists. */
interface ListedUser {
  id: string;
  firstName: string | null;
  lastName: string | null;
  username: string | null;
  email: string | null;
}

type Values = ReturnType<typeof parse>['values'];
const parse = (args: readonly string[]) => parseOptions(args, options);

export const usersCommand: Command = {
  name: 'users',
  summary: 'list, search, show, create and update users of a project',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parse(args);
    const [verb, ...names] = positionals;
    const expected = { list: 0, search: 1, get: 1, put: 1 }[verb ?? ''];
    if (expected === undefined) throw new UsageError('Say list, search, get or put.');
    if (names.length !== expected) throw new UsageError(expected === 0 ? 'A list takes options only.' : `rollcall users ${verb} takes one ${verb === 'search' ? 'text' : 'user'}.`);
    const api = await Api.open(values, terminal);
    if (verb === 'put') return put(api, names[0]!, values, terminal);
    if (verb === 'get') return get(api, names[0]!, values, terminal);
    return list(api, verb === 'search' ? { search: names[0]! } : {}, values, terminal);
  },
};

async function list(api: Api, what: Record<string, string>, { page, size, filter, json }: Values, terminal: Terminal): Promise<ExitCode> {
  const filters = filter.map((one) => pairOf(one, '--filter')).map(([field, value]): [string, string] => [`filter[${field}][eq]`, value]);
  const query = new URLSearchParams([...Object.entries({ ...what, page, size }), ...filters]);
  const { data, metadata } = await api.json<{ data: ListedUser[]; metadata: { count: number; totalPages: number } }>('GET', `/${encodeURIComponent(api.projectName())}/users?${query.toString()}`, { repeat: 'briefly' });
  await terminal.out(data.map((user) => `${json ? JSON.stringify(user) : lineOf(user)}\n`).join(''));
  if (!json && terminal.isWatched) terminal.err(`${metadata.count} users, page ${page} of ${metadata.totalPages}\n`);
  return data.length === 0 && what['search'] !== undefined ? 1 : 0;
}

async function get(api: Api, name: string, { json }: Values, terminal: Terminal): Promise<ExitCode> {
  const user = await findUser(api, name);
  if (user === undefined) {
    throw new CommandFailure(`There is no user ${name}.`, 1, { code: 'user-not-found' });
  }
  await terminal.out(json ? `${JSON.stringify(user)}\n` : `${JSON.stringify(user, null, 2)}\n`);
  return 0;
}

/** A file of one row: what an import says of it is what there is to say. */
async function put(api: Api, id: string, values: Values, terminal: Terminal): Promise<ExitCode> {
  const row = { ...(await dataOf(values.data, terminal)), id };
  const plain = { email: values.email, phone: values.phone, first_name: values['first-name'], last_name: values['last-name'] };
  const attributes = Object.fromEntries(values.attribute.map((one) => pairOf(one, '--attribute')).map(([name, value]) => [name, scalarOf(value)]));
  const user = { ...row, ...plain, ...(values.attribute.length === 0 ? {} : { attributes: { ...(row as { attributes?: object }).attributes, ...attributes } }) };
  const imports = `/v1/admin/projects/${await api.projectId()}/imports`;
  const sent = await api.json<ImportJob>('POST', `${imports}?type=users`, { headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': randomUUID() }, body: () => new Blob([`${JSON.stringify(user)}\n`]).stream(), repeat: 'patiently' });
  const job = await waitForImport(api, imports, sent, terminal);
  if (job.created + job.updated === 0) {
    const [first = '{}'] = (await (await api.send('GET', `${imports}/${job.import_id}/errors`, { repeat: 'briefly' })).text()).split('\n');
    const { field, reason } = JSON.parse(first) as { field?: string | null; reason?: string };
    throw new CommandFailure(`${field ?? 'The user'} ${reason ?? `was not written: the import is ${job.state}`}.`, 4);
  }
  const outcome = job.created > 0 ? 'created' : 'updated';
  await terminal.out(values.json ? `${JSON.stringify({ id, outcome })}\n` : `${id} was ${outcome}.\n`);
  return 0;
}

async function dataOf(data: string | undefined, { stdin }: Terminal): Promise<object> {
  if (data === undefined) return {};
  try {
    const value: unknown = JSON.parse(data === '-' ? await text(stdin) : data);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // said below
  }
  throw new UsageError('--data is a JSON object.');
}

function pairOf(pair: string, option: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(`${option} is NAME=VALUE.`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function scalarOf(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/.test(value) ? Number(value) : value;
}

/** Fields with tabs between them; nothing that a user is called can move the others. */
function lineOf({ id, email, username, firstName, lastName }: ListedUser): string {
  const name = [firstName, lastName].filter((part) => part !== null).join(' ');
  return [id, email ?? '', username ?? '', name].map((field) => field.replace(/\p{Cc}/gu, ' ')).join('\t');
}

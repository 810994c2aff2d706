import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Api } from './api.js';
import { CommandFailure, exitCodesText, UsageError, type Command, type Terminal } from './command.js';
import { CredentialsFile, type Credentials } from './credentials.js';
import { parseOptions } from './parse-options.js';
import { sessionOf, type Tokens } from './session.js';

const help = `Usage: rollcall login --url URL (--email EMAIL | --api-key) [options]

Logs in, and keeps who has logged in, in $XDG_CONFIG_HOME/rollcall/credentials.json (or ~/.config/…), which only you can read.
The password, or the key, is asked for; where nobody sits there, it is the first line of standard input.
Without a login, the commands take ROLLCALL_URL and ROLLCALL_API_KEY.

  --url URL          where Rollcall is: https://rollcall.example.com; else ROLLCALL_URL
  --email EMAIL      log in as a member of staff, by password
  --api-key          use an API key: it is kept as it is
  --project PROJECT  the project that commands are about where they name none
  --json             answer in JSON
  --help

${exitCodesText}`;

const options = { url: { type: 'string' }, email: { type: 'string' }, 'api-key': { type: 'boolean', default: false }, project: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

export const loginCommand: Command = {
  name: 'login',
  summary: 'log in, and keep who has logged in',
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, options);
    const url = values.url ?? terminal.environment.ROLLCALL_URL;
    if (positionals.length > 0) throw new UsageError('A login takes options only.');
    if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageError('Say with --url where Rollcall is, with https:// or http://.');
    if ((values.email === undefined) !== values['api-key']) throw new UsageError('Log in with --email or with --api-key, one of them.');
    const project = values.project ?? terminal.environment.ROLLCALL_PROJECT;
    const api = Api.at(url);
    const secret = await ask(terminal, values['api-key'] ? 'API key: ' : 'Password: ');
    const as = values['api-key'] ? { apiKey: secret } : await session(api, values.email as string, secret);
    const credentials: Credentials = { url: api.url, login: randomUUID(), ...(project === undefined ? {} : { project }), ...as };
    if (values['api-key']) await checkKey(credentials);
    try {
      if (project !== undefined) await Api.as(credentials).checkProject();
    } catch (error) {
      await logOut(api, credentials);
      throw error;
    }
    const file = new CredentialsFile(terminal);
    await file.alone(() => file.write(credentials));
    await terminal.out(values.json ? `${JSON.stringify({ url: api.url, project: project ?? null })}\n` : `Logged in at ${api.url}.\n`);
    return 0;
  },
};

async function ask(terminal: Terminal, question: string): Promise<string> {
  const answer = terminal.ask === undefined ? await firstLine(terminal) : await terminal.ask(question, true);
  if (answer === '') throw new UsageError('The password or key is empty.');
  return answer;
}

/** What comes after it is not waited for. */
async function firstLine({ stdin }: Terminal): Promise<string> {
  const lines = createInterface({ input: stdin });
  for await (const line of lines) return line;
  return '';
}

async function session(api: Api, email: string, password: string): Promise<Pick<Credentials, 'session'>> {
  const answer = await api.json<Partial<Tokens>>('POST', '/v1/auth/login', { json: { email, password } });
  if (answer.access_token === undefined) throw new CommandFailure('Another step is to be taken first, such as a new password: log in on the web once.', 3);
  return { session: sessionOf(answer as Tokens) };
}

/** A session that nobody keeps. As far as it can be done: something else is wrong. */
async function logOut(api: Api, { session: kept }: Credentials): Promise<void> {
  if (kept !== undefined) await api.send('POST', '/v1/auth/logout', { json: { refresh_token: kept.refreshToken }, isWhole: true }).catch(() => undefined);
}

/** A key that may not list projects is one all the same. */
async function checkKey(credentials: Credentials): Promise<void> {
  await Api.as(credentials).send('GET', '/v1/admin/projects?page_size=1', { expected: [403] });
}

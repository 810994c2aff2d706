import { text } from 'node:stream/consumers';
import { Api, sessionOf, type Tokens } from './api.js';
import { CommandFailure, exitCodesText, UsageError, type Command, type Terminal } from './command.js';
import { CredentialsFile, type Credentials } from './credentials.js';
import { parseOptions } from './parse-options.js';

const loginHelp = `Usage: rollcall login --url URL (--email EMAIL | --api-key) [options]

Logs in, and keeps who has logged in, in $XDG_CONFIG_HOME/rollcall/credentials.json (or ~/.config/…), which only you can read.
The password, or the key, is asked for; where nobody sits there, it is the first line of standard input.
Without a login, the commands take ROLLCALL_URL and ROLLCALL_API_KEY.

  --url URL          where Rollcall is: https://rollcall.example.com
  --email EMAIL      log in as a member of staff, by password
  --api-key          use an API key: it is kept as it is
  --project PROJECT  the project that commands are about where they name none
  --help

${exitCodesText}`;

const logoutHelp = `Usage: rollcall logout

Ends the session of rollcall login, and removes what was kept of it.

${exitCodesText}`;

const options = { url: { type: 'string' }, email: { type: 'string' }, 'api-key': { type: 'boolean', default: false }, project: { type: 'string' } } as const;

export const loginCommand: Command = {
  name: 'login',
  summary: 'log in, and keep who has logged in',
  help: loginHelp,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, options);
    const url = values.url ?? terminal.environment.ROLLCALL_URL;
    if (positionals.length > 0) throw new UsageError('A login takes options only.');
    if (url === undefined || !URL.canParse(url)) throw new UsageError('Say with --url where Rollcall is.');
    if ((values.email === undefined) !== values['api-key']) throw new UsageError('Log in with --email or with --api-key, one of them.');
    const file = new CredentialsFile(terminal);
    const project = values.project ?? terminal.environment.ROLLCALL_PROJECT;
    const api = Api.at(url);
    const secret = await ask(terminal, values['api-key'] ? 'API key: ' : 'Password: ');
    const kept = values['api-key'] ? await checkedKey(api, secret) : await session(api, values.email as string, secret);
    await file.write({ url: api.url, ...(project === undefined ? {} : { project }), ...kept });
    await terminal.out(`Logged in at ${api.url}.\n`);
    return 0;
  },
};

export const logoutCommand: Command = {
  name: 'logout',
  summary: 'end the session of the login',
  help: logoutHelp,
  async run(args, terminal) {
    if (args.length > 0) throw new UsageError('A logout takes nothing.');
    const file = new CredentialsFile(terminal);
    const kept = await file.read();
    await file.remove();
    if (kept?.session !== undefined) await Api.at(kept.url).send('POST', '/v1/auth/logout', { json: { refresh_token: kept.session.refreshToken }, expected: [401] });
    await terminal.out(kept === undefined ? 'Nobody was logged in.\n' : 'Logged out.\n');
    return 0;
  },
};

async function ask({ stdin, ask: prompt }: Terminal, question: string): Promise<string> {
  const answer = prompt === undefined ? ((await text(stdin)).split(/\r?\n/, 1)[0] ?? '') : await prompt(question);
  if (answer === '') throw new UsageError('The password or key is empty.');
  return answer;
}

async function session(api: Api, email: string, password: string): Promise<Pick<Credentials, 'session'>> {
  const answer = await api.json<Partial<Tokens>>('POST', '/v1/auth/login', { json: { email, password } });
  if (answer.access_token === undefined) throw new CommandFailure('Another step is to be taken first, such as a new password: log in on the web once.', 3);
  return { session: sessionOf(answer as Tokens) };
}

async function checkedKey(api: Api, apiKey: string): Promise<Pick<Credentials, 'apiKey'>> {
  await api.send('GET', '/v1/admin/projects?page_size=1', { headers: { 'x-api-key': apiKey }, expected: [403] });
  return { apiKey };
}

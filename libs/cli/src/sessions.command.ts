import { Api } from './api.js';
import { exitCodesText, UsageError, type Command, type ExitCode, type Terminal } from './command.js';
import { connectionHelp, connectionOptions, parseOptions } from './parse-options.js';

const help = `Usage: rollcall sessions end [--staff | --everybody] [options]

Logs out all users of a project: their tokens are refused within a second, and who has one logs in again. For after a theft. Broken off,
it can be run again.

  --staff            all staff in place of a project's users; an API key goes on, a login ends with the others
  --everybody        the users of every project that you may see, and then all staff
  --yes              do not ask first; where nobody sits there, nobody is asked
  --json             answer in JSON, a line for each project, and for staff
${connectionHelp}  --help

${exitCodesText}`;

const flag = { type: 'boolean', default: false } as const;
const options = { ...connectionOptions, staff: flag, everybody: flag, yes: flag } as const;

/** Whose sessions: their name for people, and where they are ended. */
interface Realm {
  name: string;
  path: string;
}

const staff: Realm = { name: 'staff', path: '/v1/admin/sessions/end' };

export const sessionsCommand: Command = {
  name: 'sessions',
  summary: 'log out all users of a project, or all staff',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseOptions(args, options);
    if (positionals.length !== 1 || positionals[0] !== 'end') throw new UsageError('Say end.');
    if (values.staff && values.everybody) throw new UsageError('--staff or --everybody, not both.');
    const api = await Api.open(values, terminal);
    const whose = values.everybody ? 'everybody' : values.staff ? 'all staff' : `all users of ${api.projectName()}`;
    if (!values.yes && !(await isMeant(whose, terminal))) return 1;
    const realms = values.everybody ? [...(await allProjects(api)), staff] : values.staff ? [staff] : [ofProject(api.projectName(), await api.projectId())];
    for (const realm of realms) {
      const ended = await endAll(api, realm);
      await terminal.out(values.json ? `${JSON.stringify({ of: realm.name, ended })}\n` : `${realm.name}: ${ended} sessions ended.\n`);
    }
    return 0;
  },
};

async function endAll(api: Api, { path }: Realm): Promise<number> {
  let sum = 0;
  for (;;) {
    const { ended, more } = await api.json<{ ended: number; more: boolean }>('POST', path, { json: {}, repeat: 'patiently' });
    sum += ended;
    if (!more) return sum;
  }
}

function ofProject(name: string, projectId: string): Realm {
  return { name, path: `/v1/admin/projects/${projectId}/sessions/end` };
}

async function allProjects(api: Api): Promise<Realm[]> {
  const realms: Realm[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { projects: { project_id: string; slug: string }[]; next_cursor: string | null } = await api.json('GET', `/v1/admin/projects?page_size=100${query}`, { repeat: 'patiently' });
    realms.push(...page.projects.map(({ slug, project_id }) => ofProject(slug, project_id)));
    cursor = page.next_cursor;
  }
  return realms;
}

async function isMeant(whose: string, { ask }: Terminal): Promise<boolean> {
  if (ask === undefined) return true;
  return /^y(es)?$/i.test((await ask(`Log out ${whose}? (yes) `, false)).trim());
}

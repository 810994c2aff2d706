import { Api } from './api.js';
import { exitCodesText, UsageError, type Command } from './command.js';
import { CredentialsFile, heldMs, type Credentials } from './credentials.js';

const help = `Usage: rollcall logout

Ends the session of rollcall login, and removes what was kept of it. An API key is forgotten, and stays what it is.

${exitCodesText}`;

export const logoutCommand: Command = {
  name: 'logout',
  summary: 'end the session of the login',
  help,
  async run(args, terminal) {
    if (args.length > 0) throw new UsageError('A logout takes nothing.');
    const file = new CredentialsFile(terminal);
    const isThere = (await file.read()) !== undefined;
    const kept = isThere ? await file.alone(() => end(file)) : undefined;
    await terminal.out(kept === undefined ? 'Nobody was logged in.\n' : 'Logged out.\n');
    return 0;
  },
};

/** Of whoever is logged in by then: a renewal that is under way writes other tokens. */
async function end(file: CredentialsFile): Promise<Credentials | undefined> {
  const kept = await file.read();
  await file.remove();
  if (kept?.session !== undefined) await Api.at(kept.url).send('POST', '/v1/auth/logout', { json: { refresh_token: kept.session.refreshToken }, expected: [401], isWhole: true, within: heldMs });
  return kept;
}

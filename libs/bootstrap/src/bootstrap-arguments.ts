import { parseArgs } from 'node:util';
import { StartupError } from '#libs/platform/errors';

/**
 * `--email ADDRESS` names the first super_admin of a production deployment; without it, the demo of a development one is meant. Whatever else is
 * there is a slip, and no reason to make a demo where a deployment was to begin.
 * @param parameters those of the command line
 * @throws StartupError for anything else
 */
export function readBootstrapArguments(parameters: string[]): { email?: string } {
  try {
    return parseArgs({ args: parameters, options: { email: { type: 'string' } } }).values;
  } catch (error) {
    const said = (error as Error).message.split(/\n|\. /)[0]!.replace(/\.$/, '');
    throw new StartupError(`${said}. Nothing was made: --email ADDRESS makes the first super_admin, and nothing at all the demo.`);
  }
}

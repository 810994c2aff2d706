import { StartupError } from './startup-error.mjs';

/**
 * `npm run restore FOLDER --replace` keeps `--replace` for npm, and hands on the rest: the command would do something else than it was told.
 * npm tells it as `npm_config_replace=true`, or by the name of an option of its own that begins so.
 */
export function refuseOptionsOfNpm(options, env = process.env) {
  const kept = options.find((option) => Object.entries(env).some(([name, value]) => name.startsWith(`npm_config_${option}`) && value === 'true'));
  if (kept !== undefined) throw new StartupError(`npm has kept --${kept} for itself: put -- between the name of the command and what is meant for it, npm run ${env.npm_lifecycle_event} -- --${kept} …`);
}

// node tools/jest.mjs <folder> […]: the specs of one project, as its Nx target runs them.
import { jestCommand } from './jest-command.mjs';
import { runCommand } from './run-command.mjs';

const [folder, ...more] = process.argv.slice(2);
if (folder === undefined) {
  console.error('rollcall: name a folder: node tools/jest.mjs libs/platform/errors');
  process.exit(1);
}
const [command, ...parameters] = jestCommand;
const config = folder.startsWith('apps/e2e') ? ['--config', 'apps/e2e/jest.config.mjs'] : ['--passWithNoTests', `${folder}/`];
const result = await runCommand(command, [...parameters, ...config, ...more], { limitMs: 20 * 60_000, show: true });
if (result.trouble !== undefined && !result.trouble.startsWith('exit code')) console.error(`rollcall: jest ended with ${result.trouble}`);
process.exit(result.ok ? 0 : 1);

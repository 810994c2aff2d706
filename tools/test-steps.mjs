import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checkout.mjs';
import { jestCommand } from './jest-command.mjs';
import { runCommand } from './run-command.mjs';
import { makeRunFolder } from './run-folder.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

const minute = 60_000;
const bin = (name) => join(root, 'node_modules', name);

/** Lint and type check are one check each: they pass or fail as a whole. Their output is shown when both are done. */
export async function check(title, parameters) {
  const { ok, output, trouble } = await runCommand(process.execPath, parameters, { limitMs: 10 * minute });
  heading(title);
  if (output.trim() !== '') console.log(output.trim());
  console.log(ok ? `${title}: fine` : `${title}: ${trouble}`);
  return ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

export const lint = async () => sum([await check('Lint', [bin('eslint/bin/eslint.js'), '.']), await check('Lint by types', [bin('oxlint/bin/oxlint'), '--type-aware', '--report-unused-disable-directives-severity=error', '.'])]);

/** The console runs in browsers, and so by other rules than the rest. By the native compiler, in less than half of the time; the one in `typescript` is for tools that need its API. */
export const types = async () => sum(await Promise.all([check('Type check', [bin('@typescript/native/bin/tsc'), '--noEmit', '-p', 'tsconfig.json']), check('Type check: the console', [bin('@typescript/native/bin/tsc'), '-p', 'apps/console'])]));

/**
 * One run of jest.
 *
 * @param {string} title @param {string[]} parameters of jest
 * @param {{ limitMinutes: number, env?: Record<string, string>, mayBeEmpty: boolean, show?: boolean }} options `mayBeEmpty`: a pattern was given,
 *   which may name other runs' specs; `show`: as it goes (the default), else as a whole at its end, for what runs beside another
 * @returns {Promise<Counts>}
 */
export async function jest(title, parameters, { limitMinutes, env = {}, mayBeEmpty, show = true }) {
  if (show) heading(title);
  // Folders that specs make are in it too: however the run ends, nothing of them is left. What jest has compiled stays.
  const folder = makeRunFolder();
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', remove);
  const report = join(folder, 'report.json');
  try {
    const [command, ...flags] = jestCommand;
    const result = await runCommand(command, [...flags, ...parameters, `--cacheDirectory=${bin('.cache/jest')}`, ...(mayBeEmpty ? ['--passWithNoTests'] : []), '--json', `--outputFile=${report}`], { env: { ...process.env, TMPDIR: folder, ...env }, limitMs: limitMinutes * minute, show });
    if (!show) {
      heading(title);
      console.log(result.output.trim());
    }
    if (!result.ok) console.log(`${title}: ${result.trouble}`);
    return countJest(readReport(report), result.ok);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** A file that could not even be loaded counts as one failure, as does a run that ends badly without naming one. */
export function countJest(report, ok) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed: report.numPassedTests, failed: ok ? failed : Math.max(failed, 1), skipped: report.numPendingTests + report.numTodoTests };
}

/** @param {Counts[]} counts */
export function sum(counts) {
  return counts.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed, skipped: all.skipped + one.skipped }), { passed: 0, failed: 0, skipped: 0 });
}

function heading(title) {
  console.log(`\n━━━ ${title} ${'━'.repeat(Math.max(3, 70 - title.length))}`);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // jest ended before it could write
  }
}

// node tools/docs/error-codes.mjs: brings docs/error-codes.md up to date with the codes that the surfaces answer, and what is said about them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../checkout.mjs';

export const errorPage = join(root, 'docs/error-codes.md');
const section = /<!-- errors:begin -->[^]*<!-- errors:end -->/;

/** @param {{ code: string, status: number, text: string }[]} errors @returns {string} a table of them */
export function errorTable(errors) {
  const rows = errors.map(({ code, status, text }) => `| \`${code}\` | ${status} | ${text.replaceAll('|', '\\|')} |`);
  return `<!-- errors:begin -->\n| code | status | what it means, and what to do |\n| --- | --- | --- |\n${rows.join('\n')}\n<!-- errors:end -->`;
}

/** @param {string} page @param {string} table */
export function withErrors(page, table) {
  return page.replace(section, () => table);
}

/** @param {string} folder where the gateway is, as sources or built @param {string} extension of its files */
export async function readErrors(folder, extension) {
  const load = (file) => import(pathToFileURL(join(root, folder, `libs/gateway/src/${file}${extension}`)).href);
  const [{ errorCodes, errorKinds }, { errorTexts }, { statusOf }] = [await load('http/error-codes'), await load('reference/error-texts'), await load('http/dialect')];
  return errorCodes.map((code) => ({ code, status: statusOf(errorKinds[code]), text: errorTexts[code] }));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(errorPage, withErrors(readFileSync(errorPage, 'utf8'), errorTable(await readErrors('dist', '.js'))));
}

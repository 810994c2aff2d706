// node tools/docs/permission-tables.mjs: brings the tables of roles in docs/administrators/ up to date, from the permission table.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../checkout.mjs';

export const rolesPage = join(root, 'docs/administrators/organisations-and-roles.md');
const section = /<!-- permissions:begin -->[^]*<!-- permissions:end -->/;
const titles = { deployment: 'In the deployment', organisation: 'In an organisation', team: 'In a team', project: 'In a project' };

/** @param {{ levels: readonly string[], permissionTable: object, permissionMeanings: object }} contracts @returns {string} one table for each level */
export function permissionTables({ levels, permissionTable, permissionMeanings }) {
  const tables = levels.map((level) => {
    const roles = Object.keys(permissionTable[level]);
    const rows = Object.entries(permissionMeanings[level]).map(([permission, meaning]) => `| \`${permission}\` | ${meaning} | ${roles.map((role) => (permissionTable[level][role].includes(permission) ? '✓' : '')).join(' | ')} |`);
    return [`### ${titles[level]}`, '', `| permission | lets one | ${roles.join(' | ')} |`, `| --- | --- | ${roles.map(() => ':-:').join(' | ')} |`, ...rows].join('\n');
  });
  return `<!-- permissions:begin -->\n${tables.join('\n\n')}\n<!-- permissions:end -->`;
}

/** @param {string} page @param {string} tables */
export function withPermissions(page, tables) {
  return page.replace(section, () => tables);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const contracts = await import(pathToFileURL(join(root, 'dist/libs/contracts/src/index.js')).href);
  writeFileSync(rolesPage, withPermissions(readFileSync(rolesPage, 'utf8'), permissionTables(contracts)));
}

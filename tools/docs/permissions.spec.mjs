import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { permissionTables, rolesPage, withPermissions } from './permission-tables.mjs';

it('the tables of roles say what the permission table says (node tools/docs/permission-tables.mjs brings them up to date)', async () => {
  const contracts = await import(join(root, 'libs/contracts/src/index.ts'));
  const page = readFileSync(rolesPage, 'utf8');
  expect(withPermissions(page, permissionTables(contracts))).toBe(page);
});

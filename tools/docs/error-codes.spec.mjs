import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { errorPage, errorTable, readErrors, withErrors } from './error-codes.mjs';

it('the page of error codes has every code that the surfaces answer (node tools/docs/error-codes.mjs brings it up to date)', async () => {
  const page = readFileSync(errorPage, 'utf8');
  expect(withErrors(page, errorTable(await readErrors('.', '.ts')))).toBe(page);
});

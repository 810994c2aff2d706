import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { configurationFiles, configurationTable, readDefinitions, withTable } from './describe-configuration.mjs';
import { endpointTables, readEndpoints, withEndpoints } from './describe-endpoints.mjs';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const fromSource = (file) => import(join(root, file));

describe('the table of variables in README.md', () => {
  it('says what the definitions say (node tools/docs/configuration-table.mjs brings it up to date)', async () => {
    expect(withTable(readme, configurationTable(await readDefinitions(fromSource)))).toBe(readme);
  });

  it('finds a definition in every file that is called one', async () => {
    expect(await readDefinitions(fromSource)).toHaveLength(configurationFiles().length);
    expect(configurationFiles()).toContain('libs/platform/runtime/src/runtime.config.ts');
  });
});

describe('docs/endpoints.md', () => {
  it('tells the endpoints that the gateway serves (node tools/docs/endpoint-tables.mjs brings it up to date)', () => {
    const text = readFileSync(join(root, 'docs/endpoints.md'), 'utf8');
    expect(readEndpoints().length).toBeGreaterThan(50);
    expect(withEndpoints(text, endpointTables(readEndpoints()))).toBe(text);
  });
});

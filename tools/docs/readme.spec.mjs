import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { configurationFiles, configurationTable, readDefinitions, withTable } from './describe-configuration.mjs';

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

describe('the endpoints in README.md', () => {
  it('are those that the gateway serves', () => {
    const [, section] = /<!-- endpoints:begin -->([^]*)<!-- endpoints:end -->/.exec(readme);
    const told = [...section.matchAll(/`([A-Z]+ \/[^`]*)`/g)].map(([, endpoint]) => endpoint);
    expect(told.sort()).toEqual(servedEndpoints().sort());
  });
});

/** `METHOD /path` of every route definition. By their text, because importing them takes the whole gateway. */
function servedEndpoints() {
  const gateway = join(root, 'libs/gateway/src');
  const files = readdirSync(gateway, { recursive: true }).filter((file) => file.endsWith('.routes.ts'));
  const definitions = files.flatMap((file) => [...readFileSync(join(gateway, file), 'utf8').matchAll(/method: '([A-Z]+)',\s+path: (\[[^\]]+\]|'[^']+'),/g)]);
  return definitions.flatMap(([, method, paths]) => [...paths.matchAll(/'([^']+)'/g)].map(([, path]) => `${method} ${path}`));
}

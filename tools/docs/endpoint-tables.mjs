// node tools/docs/endpoint-tables.mjs: brings docs/endpoints.md up to date with the route definitions.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checkout.mjs';
import { endpointTables, readEndpoints, withEndpoints } from './describe-endpoints.mjs';

const file = join(root, 'docs/endpoints.md');
const text = readFileSync(file, 'utf8');
const updated = withEndpoints(text, endpointTables(readEndpoints()));
if (updated !== text) writeFileSync(file, updated);
console.log(updated === text ? 'docs/endpoints.md is up to date.' : 'docs/endpoints.md was brought up to date.');

// node tools/client/api-types.mjs: brings the types of @rollcall/client up to date with the routes, as they are built in dist.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../checkout.mjs';
import { apiTypes } from './describe-api.mjs';

const file = join(root, 'libs/client/src/api.data.ts');
const load = (module) => import(pathToFileURL(join(root, `dist/libs/gateway/src/${module}.js`)).href);
const { dialects, GatewayModule } = await load('gateway.module');
const { apiDocument } = await load('reference/api-document');
const { operationsOf } = await load('reference/operations');
const document = apiDocument('all', operationsOf(Reflect.getMetadata('controllers', GatewayModule)), dialects, { publicUrl: 'https://rollcall.example.com', version: '1.0.0' });

writeFileSync(file, await apiTypes(document));
console.log('libs/client/src/api.data.ts is what the routes are.');

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkoutFolder } from './checkout-folder.js';

/** The same scripts that `npm run start:services` starts its servers with. By path, because they are not built. */
export async function provisioning(): Promise<typeof import('../../../../tools/provision.mjs')> {
  return import(pathToFileURL(join(checkoutFolder, 'tools/provision.mjs')).href) as Promise<typeof import('../../../../tools/provision.mjs')>;
}

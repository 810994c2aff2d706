import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkoutFolder } from './checkout-folder.js';

/** A TCP port of 127.0.0.1 that nobody listens on just now, and that nobody gets by chance before you do. */
export async function freePort(): Promise<number> {
  const ports = (await import(pathToFileURL(join(checkoutFolder, 'tools/ports.mjs')).href)) as { freePort(host: string, port: number): Promise<number> };
  return ports.freePort('127.0.0.1', 0);
}

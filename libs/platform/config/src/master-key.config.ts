import { z } from 'zod';
import { defineConfig } from './config.js';

/** What a master key is, as the rest of a sentence. */
export const masterKeyRule = 'must be 32 random bytes as base64 or hex, such as "openssl rand -base64 32" prints';

const key = z
  .string({ error: masterKeyRule })
  .regex(/^([0-9a-f]{64}|[0-9A-Za-z+/_-]{43}=?)$/i, masterKeyRule)
  .transform((text) => Buffer.from(text, text.length === 64 ? 'hex' : 'base64'));

/** Whether a text is one, by its form. */
export function isMasterKey(text: string): boolean {
  return key.safeParse(text).success;
}

/** The deployment's master key, for every service that keeps keys or keyed hashes (see `DataKeys`). Parsed to its 32 bytes. */
export const masterKeyConfig = defineConfig('master-key', {
  ROLLCALL_MASTER_KEY: key.describe('Seals the keys that each service keeps in its database: 32 random bytes as base64 or hex, the same for every service and replica. The all-in-one makes one on its first start'),
  ROLLCALL_MASTER_KEY_PREVIOUS: key.optional().describe('The master key before, while [another one takes its place](docs/administrators/master-key.md)'),
});

import { z } from 'zod';
import { defineConfig } from './config.js';

const message = 'must be 32 random bytes as base64 or hex, such as "openssl rand -base64 32" prints';

/** The deployment's master key, for every service that keeps keys or keyed hashes. Parsed to its 32 bytes. */
export const masterKeyConfig = defineConfig('master-key', {
  ROLLCALL_MASTER_KEY: z
    .string({ error: message })
    .regex(/^([0-9a-f]{64}|[0-9A-Za-z+/_-]{43}=?)$/i, message)
    .transform((text) => Buffer.from(text, text.length === 64 ? 'hex' : 'base64'))
    .describe('Wraps the signing keys, and keys the hashes by which erased users and repeated requests are recognised: 32 random bytes as base64 or hex, the same for every service and replica. The all-in-one makes one on its first start'),
});

import { z } from 'zod';
import { defineConfig } from '#libs/platform/config';

const masterKeyMessage = 'must be 32 random bytes as base64 or hex, such as "openssl rand -base64 32" prints';

/** 32 bytes, given as 64 hexadecimal digits or as base64 or base64url. */
function masterKey() {
  return z
    .string({ error: masterKeyMessage })
    .regex(/^([0-9a-f]{64}|[0-9A-Za-z+/_-]{43}=?)$/i, masterKeyMessage)
    .transform((text) => Buffer.from(text, text.length === 64 ? 'hex' : 'base64'));
}

export const profilesConfig = defineConfig('profiles', {
  ROLLCALL_MASTER_KEY: masterKey().describe('Keys the hashes by which erased users are recognised: 32 random bytes as base64 or hex, the same for every replica. The all-in-one makes one on its first start'),
});

import { isIP } from 'node:net';
import { z } from 'zod';
import { defineConfig, flag, wholeNumber } from '#libs/platform/config';

const addresses = 'must be a comma-separated list of IP addresses or CIDR ranges';

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  return version !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)));
}

export const gatewayConfig = defineConfig('gateway', {
  TRUSTED_PROXIES: z
    .string({ error: addresses })
    .regex(/^[0-9a-fA-F.:/]+(, *[0-9a-fA-F.:/]+)*$/, addresses)
    .transform((list) => list.split(/, */))
    .refine((list) => list.every(isAddressOrRange), addresses)
    .optional()
    .describe('Addresses or CIDR ranges of the proxies whose X-Forwarded-For is believed; default: none'),
  COOKIES_SECURE: flag().default(false).describe('Mark cookies as Secure also where the gateway itself is reached by plain HTTP, behind a proxy that is not in TRUSTED_PROXIES'),
  RATE_LIMIT_PER_CALLER: wholeNumber({ min: 0, max: 100_000_000 }).default(0).describe('Requests a minute of one user, key or client, over all its calls; 0: no limit'),
  RATE_LIMIT_PER_ADDRESS: wholeNumber({ min: 0, max: 100_000_000 }).default(0).describe('Requests a minute without valid credentials from one network address, of IPv6 from one /64; 0: no limit. Behind a proxy that is not in TRUSTED_PROXIES, everybody has its address'),
  DOCS_ENABLED: flag().default(true).describe('Serve the API reference at /docs and /openapi.json'),
  CONSOLE_ENABLED: flag().default(true).describe('Serve the [console](docs/administrators/console.md) at /console'),
});

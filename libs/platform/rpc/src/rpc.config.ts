import { defineConfig, flag, url, wholeNumber } from '#libs/platform/config';

/** NATS' `max_payload` in every topology's configuration, and the limit of the in-process twin. */
export const largestMessageBytes = 8 * 1024 * 1024;

export const rpcConfig = defineConfig('rpc', {
  NATS_URL: url(['nats:', 'tls:'], 'a nats:// or tls:// address').optional().describe('The NATS server of the services topology, nats://host:4222'),
  RPC_DEADLINE_MS: wholeNumber({ min: 100, max: 60_000 }).default(5_000).describe('How long a request between services may take before the caller answers 503'),
  RPC_CHECK_REPLIES: flag().default(false).describe('Check answers between services against their contracts too (development and tests)'),
});

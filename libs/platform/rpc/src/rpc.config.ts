import { defineConfig, flag, natsUrls, wholeNumber } from '#libs/platform/config';

/** NATS' `max_payload` in every topology's configuration, and the limit of the in-process twin. */
export const largestMessageBytes = 8 * 1024 * 1024;

export const rpcConfig = defineConfig('rpc', {
  NATS_URL: natsUrls().optional().describe('The NATS server of the services topology, nats://host:4222, or those of a cluster, separated by commas; nats://user:password@host:4222 and tls://… where it wants them'),
  NATS_STREAM_REPLICAS: wholeNumber({ min: 1, max: 5 }).default(1).describe('On how many servers of a NATS cluster each event is kept: 3 in a cluster of three'),
  RPC_DEADLINE_MS: wholeNumber({ min: 100, max: 60_000 }).default(5_000).describe('How long a request between services may take before the caller answers 503'),
  RPC_CHECK_REPLIES: flag().default(false).describe('Check answers between services against their contracts too (development and tests)'),
});

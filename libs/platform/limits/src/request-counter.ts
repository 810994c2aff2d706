import type { Bucket, Taken } from './bucket.js';

/** Counts requests in windows of a minute: in this process, or in Redis for all gateways together. */
export abstract class RequestCounter {
  /**
   * Counts one request in all the buckets, or in none when one of them is full.
   * @param buckets at least one
   * @returns undefined when the store is out of reach: then nothing is limited
   */
  abstract take(buckets: readonly Bucket[]): Promise<Taken | undefined>;
}

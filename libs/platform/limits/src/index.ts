export type { Bucket, Standing, Taken } from './bucket.js';
export { limitsConfig } from './limits.config.js';
export { LimitsModule } from './limits.module.js';
export { networkOf } from './network-of.js';
export { RequestCounter } from './request-counter.js';

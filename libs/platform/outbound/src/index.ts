export { isInside } from './inside-addresses.js';
export { OutboundRefused, outboundFetch, type OutboundOptions } from './outbound-fetch.js';

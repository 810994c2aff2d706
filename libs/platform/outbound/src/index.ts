export { isInside } from './inside-addresses.js';
export { checkOutboundAddress, OutboundRefused, outboundFetch, type OutboundOptions } from './outbound-fetch.js';

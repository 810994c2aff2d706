export { checkOutboundAddress, OutboundRefused, outboundFetch, type OutboundOptions } from './outbound-fetch.js';

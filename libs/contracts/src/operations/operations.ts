export * from './errors.js';
export * from './erasure.messages.js';

export * from './errors.js';
export * from './events.js';
export * from './organisation.messages.js';
export * from './access.messages.js';
export * from './sso.messages.js';
export * from './erasure.messages.js';

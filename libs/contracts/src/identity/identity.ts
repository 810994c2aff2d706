export * from './errors.js';
export * from './events.js';
export * from './credential.messages.js';
export * from './credential-management.messages.js';
export * from './sdk-key.messages.js';
export * from './login.messages.js';
export * from './session.messages.js';
export * from './erasure.messages.js';

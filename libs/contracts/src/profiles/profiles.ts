export * from './errors.js';
export * from './events.js';
export * from './user.messages.js';
export * from './event.messages.js';
export * from './erasure.messages.js';
export * from './directory.messages.js';
export * from './limits.js';
export * from './bag.js';

export * from './errors.js';
export * from './erasure.messages.js';
export * from './receipt.messages.js';
export * from './audit.messages.js';
export * from './mail.messages.js';
export * from './job.messages.js';
export * from './cloud-event.js';
export * from './feed.messages.js';

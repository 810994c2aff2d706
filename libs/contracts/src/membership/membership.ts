export * from './errors.js';
export * from './events.js';
export * from './settings.js';
export * from './organisation.messages.js';
export * from './team.messages.js';
export * from './project.messages.js';
export * from './access.messages.js';
export * from './erasure.messages.js';

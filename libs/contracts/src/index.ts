export * from './values.js';
export * from './audit.messages.js';
export * as identity from './identity/identity.js';
export * as membership from './membership/membership.js';
export * as operations from './operations/operations.js';
export * as profiles from './profiles/profiles.js';
export * from './jobs/jobs.js';
export * from './membership/permissions.js';
export * from './all-events.js';

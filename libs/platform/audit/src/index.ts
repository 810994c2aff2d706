export { auditTrail, type AuditActor, type NewAuditEntry } from './audit-trail.js';
export { auditEntriesRepository, type StoredAuditEntry } from './audit-entries.repository.js';
export { auditEntities, auditMigrations } from './database/tables.js';

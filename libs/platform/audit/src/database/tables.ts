import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { AuditEntry } from './audit-entry.entity.js';
import { CreateAuditEntries1700000000002 } from './create-audit-entries.migration.js';

/** The migration that makes `audit_entries`; every service puts it between those of the events and its own. */
export const auditMigrations: readonly Type<MigrationInterface>[] = [CreateAuditEntries1700000000002];

export const auditEntities: readonly Type[] = [AuditEntry];

import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { AuditEntry } from './audit-entry.entity.js';
import { CreateAuditEntries1700000000002 } from './create-audit-entries.migration.js';
import { KeepNoAddressesInStatistics1767225600056 } from './keep-no-addresses-in-statistics.migration.js';

/** The migrations of `audit_entries`; every service puts them between those of the events and its own. */
export const auditMigrations: readonly Type<MigrationInterface>[] = [CreateAuditEntries1700000000002, KeepNoAddressesInStatistics1767225600056];

export const auditEntities: readonly Type[] = [AuditEntry];

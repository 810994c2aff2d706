import { masterKeyConfig } from '#libs/platform/config';
import { defineTarget } from '#libs/platform/runtime';
import { auditConfig } from './audit/audit.config.js';
import { feedConfig } from './feed/feed.config.js';
import { importsConfig } from './importing/imports.config.js';
import { mailConfig } from './mail/mail.config.js';
import { receiptsConfig } from './receipts/receipts.config.js';
import { staffRetentionConfig } from './staff-retention/staff-retention.config.js';
import { webhooksConfig } from './webhooks/webhooks.config.js';
import { operationsDatabase, WorkersModule } from './workers.module.js';

/** What happens after the answer: queue jobs, schedules, mails, the feed of all events, and the audit trail. */
export const workersTarget = defineTarget({ name: 'workers', module: WorkersModule, database: operationsDatabase, config: [masterKeyConfig, mailConfig, auditConfig, feedConfig, staffRetentionConfig, receiptsConfig, webhooksConfig, importsConfig] });

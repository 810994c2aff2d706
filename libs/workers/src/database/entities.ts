import { auditEntities } from '#libs/platform/audit';
import { eventsEntities } from '#libs/platform/events';
import { dataKeysEntities } from '#libs/platform/keys';
import { AuditLogEntry } from '../audit/audit-log-entry.entity.js';
import { ErasureCount } from '../erasure/erasure-count.entity.js';
import { ErasureUser } from '../erasure/erasure-user.entity.js';
import { Erasure } from '../erasure/erasure.entity.js';
import { FeedEntry } from '../feed/feed-entry.entity.js';
import { ProjectFeedEnd } from '../feed/project-feed-end.entity.js';
import { ProjectFeedEntry } from '../feed/project-feed-entry.entity.js';
import { JobRunEntry } from '../schedules/job-run.entity.js';
import { JobSchedule } from '../schedules/job-schedule.entity.js';
import { MailEntry } from '../mail/mail.entity.js';
import { ReceiptKey } from '../receipts/receipt-key.entity.js';
import { ReceiptRow } from '../receipts/receipt.entity.js';
import { RemovalMark } from '../receipts/removal-mark.entity.js';

export const entities = [...eventsEntities, ...dataKeysEntities, ...auditEntities, Erasure, ErasureUser, ErasureCount, FeedEntry, MailEntry, AuditLogEntry, ReceiptKey, ReceiptRow, RemovalMark, JobSchedule, JobRunEntry, ProjectFeedEntry, ProjectFeedEnd] as const;

import { CountPlacesAsFew1795316800450 } from './migrations/1795316800450-count-places-as-few.js';
import { auditMigrations } from '#libs/platform/audit';
import { eventsMigrations } from '#libs/platform/events';
import { CreateOperations1767225600000 } from './migrations/1767225600000-create-operations.js';
import { CreateMails1767225600010 } from './migrations/1767225600010-create-mails.js';
import { CreateAuditLog1767225600015 } from './migrations/1767225600015-create-audit-log.js';
import { CreateDataKeys1767225600035 } from './migrations/1767225600035-create-data-keys.js';
import { CreateJobs1767225600050 } from './migrations/1767225600050-create-jobs.js';
import { ForgetStatistics1767225600061 } from './migrations/1767225600061-forget-statistics.js';
import { CreateErasureParts1767225600060 } from './migrations/1767225600060-create-erasure-parts.js';
import { CreateProjectFeed1767225600070 } from './migrations/1767225600070-create-project-feed.js';
import { KeepNoAddressesInStatistics1767225600057 } from './migrations/1767225600057-keep-no-addresses-in-statistics.js';
import { CreateWebhooks1767225600071 } from './migrations/1767225600071-create-webhooks.js';
import { CreateImports1767225600085 } from './migrations/1767225600085-create-imports.js';
import { CarryTracesIntoFeeds1767225600210 } from './migrations/1767225600210-carry-traces-into-feeds.js';
import { FindPendingDeliveries1795316800300 } from './migrations/1795316800300-find-pending-deliveries.js';
import { FindUnfinishedMails1795316800310 } from './migrations/1795316800310-find-unfinished-mails.js';
import { FinishDoneErasures1795316800320 } from './migrations/1795316800320-finish-done-erasures.js';
import { RemoveWebhooksInParts1795316800345 } from './migrations/1795316800345-remove-webhooks-in-parts.js';
import { CreateReceipts1767225600040 } from './migrations/1767225600040-create-receipts.js';

/** In order; a class is never changed once it was released. */
export const migrations = [...eventsMigrations, ...auditMigrations, CreateOperations1767225600000, CreateMails1767225600010, CreateAuditLog1767225600015, CreateDataKeys1767225600035, CreateReceipts1767225600040, CreateJobs1767225600050, KeepNoAddressesInStatistics1767225600057, CreateErasureParts1767225600060, CreateProjectFeed1767225600070, ForgetStatistics1767225600061, CreateWebhooks1767225600071, CreateImports1767225600085, CarryTracesIntoFeeds1767225600210, FindPendingDeliveries1795316800300, FindUnfinishedMails1795316800310, FinishDoneErasures1795316800320, RemoveWebhooksInParts1795316800345, CountPlacesAsFew1795316800450] as const;

import { Module, type OnModuleInit } from '@nestjs/common';
import { allJobs } from '#libs/contracts';
import { DatabaseModule, type ServiceDatabase } from '#libs/platform/database';
import { EventsModule } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import { DataKeys } from '#libs/platform/keys';
import { Jobs } from '#libs/platform/queue';
import { AppendAudit } from './audit/append-audit.js';
import { AuditCursors } from './audit/audit-cursors.js';
import { AuditEntriesMessages } from './audit/audit-entries.messages.js';
import { AuditHashes } from './audit/audit-hashes.js';
import { AuditJobs } from './audit/audit.jobs.js';
import { AuditLogRepository } from './audit/audit-log.repository.js';
import { AuditTrailMessages } from './audit/audit-trail.messages.js';
import { CollectAudit } from './audit/collect-audit.js';
import { EraseFromAudit } from './audit/erase-from-audit.js';
import { ListAudit } from './audit/list-audit.js';
import { TrimAudit } from './audit/trim-audit.js';
import { entities } from './database/entities.js';
import { migrations } from './database/migrations.js';
import { DeadLettersJobs } from './dead-letters/dead-letters.jobs.js';
import { DeadLettersMessages } from './dead-letters/dead-letters.messages.js';
import { ReplayDeadLetters } from './dead-letters/replay-dead-letters.js';
import { ErasePart } from './erasure/erase-part.js';
import { ErasureHolders } from './erasure/erasure-holders.js';
import { ErasurePartsRepository } from './erasure/erasure-parts.repository.js';
import { FinishErasure } from './erasure/finish-erasure.js';
import { ErasureJobs } from './erasure/erasure.jobs.js';
import { ErasureMessages } from './erasure/erasure.messages.js';
import { ErasureQueue } from './erasure/erasure-queue.js';
import { ErasuresRepository } from './erasure/erasures.repository.js';
import { GetErasure } from './erasure/get-erasure.js';
import { HiddenUsersConsumer } from './erasure/hidden-users.consumer.js';
import { RequestErasure } from './erasure/request-erasure.js';
import { RequeueErasures } from './erasure/requeue-erasures.js';
import { ScheduleErasure } from './erasure/schedule-erasure.js';
import { CollectFeed } from './feed/collect-feed.js';
import { ComposeEvents } from './feed/compose-events.js';
import { FedEvents } from './feed/fed-events.js';
import { FeedConsumer } from './feed/feed.consumer.js';
import { FeedJobs } from './feed/feed.jobs.js';
import { FeedMessages } from './feed/feed.messages.js';
import { FeedRepository } from './feed/feed.repository.js';
import { ProjectFeedRepository } from './feed/project-feed.repository.js';
import { ReadFeed } from './feed/read-feed.js';
import { TrimFeed } from './feed/trim-feed.js';
import { TrimProjectFeed } from './feed/trim-project-feed.js';
import { CancelImport } from './importing/cancel-import.js';
import { EraseFromImports } from './importing/erase-from-imports.js';
import { FindImports } from './importing/find-imports.js';
import { ImportBoxes } from './importing/import-boxes.js';
import { ImportQueue } from './importing/import-queue.js';
import { ImportReader } from './importing/import-reader.js';
import { ImportSpoolRepository } from './importing/import-spool.repository.js';
import { ImportsJobs } from './importing/imports.jobs.js';
import { ImportsMessages } from './importing/imports.messages.js';
import { ImportsRepository } from './importing/imports.repository.js';
import { SpoolRoom } from './importing/spool-room.js';
import { ReceiveImport } from './importing/receive-import.js';
import { RunImports } from './importing/run-imports.js';
import { SweepImports } from './importing/sweep-imports.js';
import { WriteBatch } from './importing/write-batch.js';
import { ComposeMail } from './mail/compose-mail.js';
import { DeliverMail } from './mail/deliver-mail.js';
import { DeliverMails } from './mail/deliver-mails.js';
import { EraseMails } from './mail/erase-mails.js';
import { MailAttempts } from './mail/mail-attempts.js';
import { MailJobs } from './mail/mail.jobs.js';
import { MailMessages } from './mail/mail.messages.js';
import { MailQueue } from './mail/mail-queue.js';
import { MailRequestsConsumer } from './mail/mail-requests.consumer.js';
import { MailTuning } from './mail/mail-tuning.js';
import { MailsRepository } from './mail/mails.repository.js';
import { RequeueMails } from './mail/requeue-mails.js';
import { SendMail } from './mail/send-mail.js';
import { TrimMails } from './mail/trim-mails.js';
import { ConfirmRemovals } from './receipts/confirm-removals.js';
import { JobsMessages } from './schedules/jobs.messages.js';
import { ManageJobs } from './schedules/manage-jobs.js';
import { ResumeJobs } from './schedules/resume-jobs.js';
import { RunSchedule } from './schedules/run-schedule.js';
import { ScheduledWork } from './schedules/scheduled-work.js';
import { SchedulesRepository } from './schedules/schedules.repository.js';
import { ServiceUpkeepJobs } from './schedules/service-upkeep.jobs.js';
import { IssueErasureReceipt } from './receipts/issue-erasure-receipt.js';
import { ListReceipts } from './receipts/list-receipts.js';
import { ReceiptChain } from './receipts/receipt-chain.js';
import { ReceiptKeysRepository } from './receipts/receipt-keys.repository.js';
import { ReceiptsMessages } from './receipts/receipts.messages.js';
import { ReceiptsRepository } from './receipts/receipts.repository.js';
import { RemovalMarksRepository } from './receipts/removal-marks.repository.js';
import { RemovalsJobs } from './receipts/removals.jobs.js';
import { RemoveBytes } from './receipts/remove-bytes.js';
import { RotateReceiptKey } from './receipts/rotate-receipt-key.js';
import { VerifyReceipts } from './receipts/verify-receipts.js';
import { UpkeepJobs } from './schedules/upkeep.jobs.js';
import { EraseDeletedStaff } from './staff-retention/erase-deleted-staff.js';
import { StaffRetentionJobs } from './staff-retention/staff-retention.jobs.js';
import { ExportMessages } from './exporting/export.messages.js';
import { AttemptsRepository } from './webhooks/attempts.repository.js';
import { ChangeWebhooks } from './webhooks/change-webhooks.js';
import { DeliverWebhooks } from './webhooks/deliver-webhooks.js';
import { DeliveriesMessages } from './webhooks/deliveries.messages.js';
import { DeliveriesRepository } from './webhooks/deliveries.repository.js';
import { EventsOfDeliveries } from './webhooks/events-of-deliveries.js';
import { FollowFeed } from './webhooks/follow-feed.js';
import { ReplayDeliveries } from './webhooks/replay-deliveries.js';
import { RunWebhook } from './webhooks/run-webhook.js';
import { SendWebhook } from './webhooks/send-webhook.js';
import { SettleAttempt } from './webhooks/settle-attempt.js';
import { SweepWebhooks } from './webhooks/sweep-webhooks.js';
import { TestWebhook } from './webhooks/test-webhook.js';
import { WebhookQueue } from './webhooks/webhook-queue.js';
import { ResealWebhookSecrets } from './webhooks/reseal-webhook-secrets.js';
import { WebhookSecrets } from './webhooks/webhook-secrets.js';
import { WebhooksJobs } from './webhooks/webhooks.jobs.js';
import { WebhooksMessages } from './webhooks/webhooks.messages.js';
import { RemoveWebhooks } from './webhooks/remove-webhooks.js';
import { RemovedWebhooksRepository } from './webhooks/removed-webhooks.repository.js';
import { WebhooksConsumer } from './webhooks/webhooks.consumer.js';
import { WebhooksRepository } from './webhooks/webhooks.repository.js';
import { WebhooksWake } from './webhooks/webhooks-wake.js';

const service = 'operations';
export const operationsDatabase: ServiceDatabase = { service, entities, migrations };
const database = DatabaseModule.forService(operationsDatabase);

@Module({
  imports: [database, EventsModule.forService({ service, database })],
  providers: [
    DataKeys,
    DeadLettersMessages, DeadLettersJobs, ReplayDeadLetters,
    EraseDeletedStaff,
    StaffRetentionJobs,
    ErasureMessages, RequestErasure, GetErasure, ScheduleErasure, HiddenUsersConsumer,
    ErasureJobs, ErasePart, FinishErasure, ErasureHolders, ErasurePartsRepository, RequeueErasures, ErasureQueue, ErasuresRepository,
    FeedConsumer, FeedJobs, TrimFeed, FeedRepository,
    FeedMessages, CollectFeed, FedEvents, ReadFeed, ComposeEvents, TrimProjectFeed, ProjectFeedRepository,
    AuditTrailMessages, AuditEntriesMessages, AuditJobs, CollectAudit, AppendAudit, ListAudit, EraseFromAudit, TrimAudit, AuditLogRepository, AuditHashes, AuditCursors,
    MailMessages, MailRequestsConsumer, MailJobs, DeliverMail, DeliverMails, MailAttempts, ComposeMail, SendMail, MailQueue, RequeueMails, TrimMails, EraseMails, MailsRepository, MailTuning,
    RemovalsJobs, ConfirmRemovals, RemoveBytes, RemovalMarksRepository,
    ReceiptsMessages, ListReceipts, VerifyReceipts, RotateReceiptKey, IssueErasureReceipt, ReceiptChain, ReceiptsRepository, ReceiptKeysRepository,
    ScheduledWork, RunSchedule, ResumeJobs, SchedulesRepository, ServiceUpkeepJobs, UpkeepJobs,
    JobsMessages, ManageJobs,
    ExportMessages,
    Idempotency,
    ImportsMessages, ReceiveImport, SpoolRoom, FindImports, CancelImport, EraseFromImports,
    ImportsJobs, RunImports, ImportReader, WriteBatch, SweepImports, ImportQueue, ImportsRepository, ImportSpoolRepository, ImportBoxes,
    WebhooksMessages, WebhooksConsumer, ChangeWebhooks, RemoveWebhooks, RemovedWebhooksRepository, TestWebhook, WebhookSecrets, ResealWebhookSecrets, WebhooksRepository,
    DeliveriesMessages, ReplayDeliveries, DeliveriesRepository,
    WebhooksJobs, WebhooksWake, FollowFeed, WebhookQueue, RunWebhook, SweepWebhooks,
    DeliverWebhooks, EventsOfDeliveries, SendWebhook, SettleAttempt, AttemptsRepository,
  ],
})
export class WorkersModule implements OnModuleInit {
  constructor(private readonly jobs: Jobs) {}

  /** After every constructor, in which the handlers and schedules were declared. */
  onModuleInit(): void {
    this.jobs.start(allJobs);
  }
}

import { Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DatabaseModule, type ServiceDatabase } from '#libs/platform/database';
import { EventsModule } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import { DataKeys } from '#libs/platform/keys';
import { UpkeepModule } from '#libs/platform/upkeep';
import { AccountMembersRepository } from './accounts/account-members.repository.js';
import { AccountMessages } from './accounts/account.messages.js';
import { ChangeAccountRole } from './accounts/change-account-role.js';
import { ChangeAccounts } from './accounts/change-accounts.js';
import { JoinAccounts } from './accounts/join-accounts.js';
import { LeaveAccount } from './accounts/leave-account.js';
import { ActivityEventsRepository } from './activity/activity-events.repository.js';
import { ActivityMessages } from './activity/activity.messages.js';
import { ActivityRuns } from './activity/activity-runs.js';
import { ListActivityEvents } from './activity/list-activity-events.js';
import { MarkActivityEvents } from './activity/mark-activity-events.js';
import { NoteSight } from './activity/note-sight.js';
import { SightsRepository } from './activity/sights.repository.js';
import { AuditMessages } from './audit/audit.messages.js';
import { FeedMessages } from './feed/feed.messages.js';
import { DeadRowsMessages } from './erasure/dead-rows.messages.js';
import { checkLocale } from './database/check-locale.js';
import { entities } from './database/entities.js';
import { migrations } from './database/migrations.js';
import { DeadLettersMessages } from './dead-letters/dead-letters.messages.js';
import { ApplyLoginStates } from './directory/apply-login-states.js';
import { ApplyRoles } from './directory/apply-roles.js';
import { BeginLogin } from './directory/begin-login.js';
import { DirectoryMessages } from './directory/directory.messages.js';
import { DirectoryRepository } from './directory/directory.repository.js';
import { FollowLogins } from './directory/follow-logins.js';
import { FollowRoles } from './directory/follow-roles.js';
import { TakeStates } from './directory/take-states.js';
import { CountProfileRemains } from './erasure/count-profile-remains.js';
import { EraseProfile } from './erasure/erase-profile.js';
import { ErasureMessages } from './erasure/erasure.messages.js';
import { FindSuppressions } from './erasure/find-suppressions.js';
import { HiddenUsersRepository } from './erasure/hidden-users.repository.js';
import { HideUsers } from './erasure/hide-users.js';
import { LiftSuppression } from './erasure/lift-suppression.js';
import { NamesOfUsers } from './erasure/names-of-users.js';
import { SuppressionCursors } from './erasure/suppression-cursors.js';
import { SuppressionMessages } from './erasure/suppression.messages.js';
import { SuppressionsRepository } from './erasure/suppressions.repository.js';
import { TombstoneKeys } from './erasure/tombstone-keys.js';
import { TombstonesRepository } from './erasure/tombstones.repository.js';
import { ensureEventPartitions } from './events/ensure-event-partitions.js';
import { EventBatchMessages } from './events/event-batch.messages.js';
import { EventCursors } from './events/event-cursors.js';
import { EventMessages } from './events/event.messages.js';
import { EventTools } from './events/event-tools.js';
import { EventWriter } from './events/event-writer.js';
import { EventRetentionRepository } from './events/event-retention.repository.js';
import { EventsRepository } from './events/events.repository.js';
import { CountEventsByDay } from './events/count-events-by-day.js';
import { ListEvents } from './events/list-events.js';
import { RetainEvents } from './events/retain-events.js';
import { TrackEvent } from './events/track-event.js';
import { TrackEvents } from './events/track-events.js';
import { CountRealmDays } from './figures/count-realm-days.js';
import { DayCounts } from './figures/day-counts.js';
import { FigureMessages } from './figures/figure.messages.js';
import { FindUsers } from './importing/find-users.js';
import { ImportUsers } from './importing/import-users.js';
import { ImportingMessages } from './importing/importing.messages.js';
import { LoadEvents } from './loading/load-events.js';
import { LoadUsers } from './loading/load-users.js';
import { LoadingMessages } from './loading/loading.messages.js';
import { ChangeLists } from './lists/change-lists.js';
import { FindLists } from './lists/find-lists.js';
import { ListMessages } from './lists/list.messages.js';
import { ListsRepository } from './lists/lists.repository.js';
import { SetSubscription } from './lists/set-subscription.js';
import { ChangeSegments } from './segments/change-segments.js';
import { FindSegments } from './segments/find-segments.js';
import { FollowUsers } from './segments/follow-users.js';
import { MembersRepository } from './segments/members.repository.js';
import { PreviewSegment } from './segments/preview-segment.js';
import { RemoveSegment } from './segments/remove-segment.js';
import { RestartSegments } from './segments/restart-segments.js';
import { SegmentMessages } from './segments/segment.messages.js';
import { SegmentRuns } from './segments/segment-runs.js';
import { SegmentsRepository } from './segments/segments.repository.js';
import { SuppressMember } from './segments/suppress-member.js';
import { TouchedUsers } from './segments/touched-users.js';
import { AliasesRepository } from './merging/aliases.repository.js';
import { MergeMessages } from './merging/merge.messages.js';
import { MergeStep } from './merging/merge-step.js';
import { MergeUsers } from './merging/merge-users.js';
import { MergedUsersRepository } from './merging/merged-users.repository.js';
import { TakeOver } from './merging/take-over.js';
import { DeclareFields } from './fields/declare-fields.js';
import { FieldMessages } from './fields/field.messages.js';
import { FieldSweep } from './fields/field-sweep.js';
import { FieldsRepository } from './fields/fields.repository.js';
import { FinishSweeps } from './fields/finish-sweeps.js';
import { ListFields } from './fields/list-fields.js';
import { RemoveField } from './fields/remove-field.js';
import { DataExportMessages } from './exporting/data-export.messages.js';
import { DataExportRepository } from './exporting/data-export.repository.js';
import { ExportData } from './exporting/export-data.js';
import { ExportMessages } from './exporting/export.messages.js';
import { ExportUser } from './exporting/export-user.js';
import { ClearRealms } from './realms/clear-realms.js';
import { ClosedRealmsRepository } from './realms/closed-realms.repository.js';
import { RealmMessages } from './realms/realm.messages.js';
import { InsertionCursors } from './paging/insertion-cursors.js';
import { ListProjectUsers } from './project-lists/list-project-users.js';
import { ListTurns } from './project-lists/list-turns.js';
import { ProjectListsMessages } from './project-lists/project-lists.messages.js';
import { ProjectListsRepository } from './project-lists/project-lists.repository.js';
import { SearchSamples } from './project-lists/search-samples.js';
import { SearchesRepository } from './project-lists/searches.repository.js';
import { UpkeepMessages } from './upkeep/upkeep.messages.js';
import { Upkeep } from './upkeep/upkeep.js';
import { AddressedUsers } from './users/addressed-users.js';
import { GetUser } from './users/get-user.js';
import { ListUsersByInsertion } from './users/list-users-by-insertion.js';
import { PutUser } from './users/put-user.js';
import { UserChangesMessages } from './users/user-changes.messages.js';
import { UserListsRepository } from './users/user-lists.repository.js';
import { ListNewestUsers } from './users/list-newest-users.js';
import { ReadUsers } from './users/read-users.js';
import { UpsertUser } from './users/upsert-user.js';
import { UpsertUsers } from './users/upsert-users.js';
import { UserBatchMessages } from './users/user-batch.messages.js';
import { UserMessages } from './users/user.messages.js';
import { UserPagesRepository } from './users/user-pages.repository.js';
import { UpsertTools } from './users/upsert-tools.js';
import { UserWriter } from './users/user-writer.js';
import { UsersRepository } from './users/users.repository.js';

async function prepare(dataSource: DataSource): Promise<void> {
  await checkLocale(dataSource);
  // Before the first event is written, there is a partition for it.
  await dataSource.transaction((manager) => ensureEventPartitions((text) => manager.query(text)));
}

const service = 'profiles';
export const profilesDatabase: ServiceDatabase = { service, entities, migrations, check: prepare };
const database = DatabaseModule.forService(profilesDatabase);

@Module({
  imports: [database, EventsModule.forService({ service, database }), UpkeepModule.forService({ database })],
  providers: [
    DeadLettersMessages,
    UserMessages, UpsertUser, UserWriter, UpsertTools, GetUser, UsersRepository,
    UserBatchMessages, UpsertUsers, ReadUsers, ListNewestUsers, UserPagesRepository,
    FieldMessages, DeclareFields, RemoveField, ListFields, FieldSweep, FinishSweeps, FieldsRepository,
    FigureMessages, CountRealmDays, DayCounts,
    EventMessages, TrackEvent, ListEvents, CountEventsByDay, EventCursors, EventsRepository,
    ImportingMessages, FindUsers, ImportUsers,
    LoadingMessages, LoadUsers, LoadEvents,
    DirectoryMessages, TakeStates, ApplyLoginStates, ApplyRoles, BeginLogin, FollowLogins, FollowRoles, DirectoryRepository,
    ErasureMessages, HideUsers, NamesOfUsers, EraseProfile, CountProfileRemains, HiddenUsersRepository, TombstonesRepository, TombstoneKeys,
    SuppressionMessages, FindSuppressions, LiftSuppression, SuppressionCursors, SuppressionsRepository,
    UserChangesMessages, PutUser, ListUsersByInsertion, UserListsRepository, InsertionCursors, AddressedUsers,
    EventBatchMessages, TrackEvents, EventWriter, RetainEvents, EventRetentionRepository,
    AccountMessages, ChangeAccounts, JoinAccounts, ChangeAccountRole, LeaveAccount, AccountMembersRepository,
    MergeMessages, MergeUsers, MergeStep, TakeOver, MergedUsersRepository, AliasesRepository,
    ListMessages, ChangeLists, FindLists, SetSubscription, ListsRepository,
    SegmentMessages, ChangeSegments, FindSegments, PreviewSegment, RemoveSegment, FollowUsers, TouchedUsers, RestartSegments, SegmentRuns, SuppressMember, SegmentsRepository, MembersRepository,
    ActivityMessages, MarkActivityEvents, ListActivityEvents, ActivityRuns, ActivityEventsRepository, NoteSight, SightsRepository,
    DeadRowsMessages,
    FeedMessages,
    AuditMessages, Idempotency, DataKeys, EventTools,
    RealmMessages, ClearRealms, ClosedRealmsRepository,
    ExportMessages, ExportUser,
    DataExportMessages, ExportData, DataExportRepository,
    ProjectListsMessages, ListProjectUsers, ListTurns, ProjectListsRepository, SearchesRepository, SearchSamples,
    UpkeepMessages, Upkeep,
  ],
})
export class ProfilesModule {}

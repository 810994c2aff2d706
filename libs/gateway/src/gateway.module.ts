import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Changes } from './access/changes.js';
import { AccessGuard } from './access/access.guard.js';
import { AdminAccess } from './access/admin-access.js';
import { AdminIdentity } from './access/admin-identity.js';
import { Authenticator } from './access/authenticator.js';
import { EndUserAccess } from './access/end-user-access.js';
import { EngagementAccess } from './access/engagement-access.js';
import { EnvironmentAccess } from './access/environment-access.js';
import { OpenServices } from './access/open-services.js';
import { PageAccess } from './access/page-access.js';
import { ProjectAccess } from './access/project-access.js';
import { RequestLimits } from './access/request-limits.js';
import { ApiDocuments } from './reference/api-documents.js';
import { DocsRoutes } from './reference/docs.routes.js';
import { ReferenceRoutes } from './reference/reference.routes.js';
import { Dialects } from './http/dialects.js';
import { problemDetails } from './http/problem-details.js';
import { engagementDialect } from './surfaces/engagement/engagement.dialect.js';
import { environmentDialect } from './surfaces/environment/environment.dialect.js';
import { oauthDialect } from './surfaces/environment/oauth.dialect.js';
import { HealthRoutes } from './http/health.routes.js';
import { KeySetRoutes } from './http/key-set.routes.js';
import { MetricsRoutes } from './http/metrics.routes.js';
import { ReceiptKeysRoutes } from './http/receipt-keys.routes.js';
import { AdminActivityEventsRoutes } from './surfaces/admin/activity-events.routes.js';
import { BrowserSession } from './http/browser-session.js';
import { KnownDevice } from './http/known-device.js';
import { ApiClientsRoutes } from './surfaces/admin/api-clients.routes.js';
import { ApiKeysRoutes } from './surfaces/admin/api-keys.routes.js';
import { InvitationAcceptanceRoutes } from './surfaces/admin/invitation-acceptance.routes.js';
import { InvitationsRoutes } from './surfaces/admin/invitations.routes.js';
import { AuditRoutes } from './surfaces/admin/audit.routes.js';
import { EventsFeedRoutes } from './surfaces/admin/events-feed.routes.js';
import { WebhookDeliveriesRoutes } from './surfaces/admin/webhook-deliveries.routes.js';
import { WebhooksRoutes } from './surfaces/admin/webhooks.routes.js';
import { ReceiptsRoutes } from './surfaces/admin/receipts.routes.js';
import { AdminAuthRoutes } from './surfaces/admin/auth.routes.js';
import { AdminProjectUsersRoutes } from './surfaces/admin/project-users.routes.js';
import { CustomFieldsRoutes } from './surfaces/admin/custom-fields.routes.js';
import { SegmentMembersRoutes } from './surfaces/admin/segment-members.routes.js';
import { BrowserSessionRoutes } from './surfaces/admin/browser-session.routes.js';
import { DeadLettersRoutes } from './surfaces/admin/dead-letters.routes.js';
import { EmailRoutes } from './surfaces/admin/email.routes.js';
import { OwnAccountRoutes } from './surfaces/admin/own-account.routes.js';
import { PasswordRoutes } from './surfaces/admin/password.routes.js';
import { AuthSsoRoutes } from './surfaces/admin/auth-sso.routes.js';
import { SsoRoutes } from './surfaces/admin/sso.routes.js';
import { EngagementAccountsRoutes } from './surfaces/engagement/accounts.routes.js';
import { EngagementEventBatchRoutes } from './surfaces/engagement/event-batch.routes.js';
import { EngagementKeysRoutes } from './surfaces/admin/engagement-keys.routes.js';
import { ImportCredentialsRoutes } from './surfaces/admin/import-credentials.routes.js';
import { OrgsRoutes } from './surfaces/admin/orgs.routes.js';
import { AccessRoutes } from './surfaces/admin/access.routes.js';
import { MeRoutes } from './surfaces/admin/me.routes.js';
import { OrgMembersRoutes } from './surfaces/admin/org-members.routes.js';
import { ProjectMembersRoutes } from './surfaces/admin/project-members.routes.js';
import { SuppressionsRoutes } from './surfaces/admin/suppressions.routes.js';
import { TeamMembersRoutes } from './surfaces/admin/team-members.routes.js';
import { UserChangesRoutes } from './surfaces/admin/user-changes.routes.js';
import { UserExportRoutes } from './surfaces/admin/user-export.routes.js';
import { UsersRoutes } from './surfaces/admin/users.routes.js';
import { ProjectsRoutes } from './surfaces/admin/projects.routes.js';
import { TeamsRoutes } from './surfaces/admin/teams.routes.js';
import { OrgApiKeysRoutes } from './surfaces/admin/org-api-keys.routes.js';
import { FiguresRoutes } from './surfaces/admin/figures.routes.js';
import { ExportsRoutes } from './surfaces/admin/exports.routes.js';
import { ImportsRoutes } from './surfaces/admin/imports.routes.js';
import { JobsRoutes } from './surfaces/admin/jobs.routes.js';
import { ListsRoutes } from './surfaces/admin/lists.routes.js';
import { SegmentsRoutes } from './surfaces/admin/segments.routes.js';
import { SdkKeysRoutes } from './surfaces/admin/sdk-keys.routes.js';
import { SigningKeysRoutes } from './surfaces/admin/signing-keys.routes.js';
import { AllSessionsRoutes } from './surfaces/admin/all-sessions.routes.js';
import { UserSessionsRoutes } from './surfaces/admin/user-sessions.routes.js';
import { EngagementEventsRoutes } from './surfaces/engagement/events.routes.js';
import { EngagementListsRoutes } from './surfaces/engagement/lists.routes.js';
import { EngagementSegmentsRoutes } from './surfaces/engagement/segments.routes.js';
import { EngagementMergeRoutes } from './surfaces/engagement/merge.routes.js';
import { EngagementUserChangesRoutes } from './surfaces/engagement/user-changes.routes.js';
import { EngagementUsersRoutes } from './surfaces/engagement/users.routes.js';
import { ActivityEventsRoutes } from './surfaces/environment/activity-events.routes.js';
import { ErasuresRoutes } from './surfaces/admin/erasures.routes.js';
import { EngagementErasuresRoutes } from './surfaces/engagement/erasures.routes.js';
import { ProjectErasuresRoutes } from './surfaces/project/erasures.routes.js';
import { Erasures } from './upstream/erasures.js';
import { DeleteUsersRoutes } from './surfaces/environment/delete-users.routes.js';
import { EndUsersRoutes } from './surfaces/environment/end-users.routes.js';
import { ProfileFieldsRoutes } from './surfaces/environment/profile-fields.routes.js';
import { TokenRoutes } from './surfaces/environment/token.routes.js';
import { EnvironmentUsersRoutes } from './surfaces/environment/users.routes.js';
import { ProjectLoginRoutes } from './surfaces/project/login.routes.js';
import { ProjectRolesRoutes } from './surfaces/project/roles.routes.js';
import { ProjectUserChangesRoutes } from './surfaces/project/user-changes.routes.js';
import { ProjectUserListsRoutes } from './surfaces/project/user-lists.routes.js';
import { ProjectUsersRoutes } from './surfaces/project/users.routes.js';
import { AccessTokens } from './upstream/access-tokens.js';
import { DataExports } from './upstream/data-exports.js';
import { Imports } from './upstream/imports.js';
import { Invitations } from './upstream/invitations.js';
import { AuditTrail } from './upstream/audit-trail.js';
import { Receipts } from './upstream/receipts.js';
import { Credentials } from './upstream/credentials.js';
import { DeadLetters } from './upstream/dead-letters.js';
import { EndUserTokens } from './upstream/end-user-tokens.js';
import { EndUsers } from './upstream/end-users.js';
import { Logins } from './upstream/logins.js';
import { ManagedCredentials } from './upstream/managed-credentials.js';
import { CredentialImports } from './upstream/credential-imports.js';
import { ProjectUserChanges } from './upstream/project-user-changes.js';
import { ProjectUserLists } from './upstream/project-user-lists.js';
import { ProjectUsers } from './upstream/project-users.js';
import { Members } from './upstream/members.js';
import { People } from './upstream/people.js';
import { StaffChanges } from './upstream/staff-changes.js';
import { Staff } from './upstream/staff.js';
import { UserExports } from './upstream/user-exports.js';
import { Places } from './upstream/places.js';
import { ReferencedUsers } from './upstream/referenced-users.js';
import { Projects } from './upstream/projects.js';
import { Realms } from './upstream/realms.js';
import { SdkKeys } from './upstream/sdk-keys.js';
import { Sessions } from './upstream/sessions.js';

/** The dialect of each surface. */
export const dialects = new Dialects([
  environmentDialect,
  engagementDialect,
  oauthDialect,
  problemDetails('project', 'Bearer realm="rollcall"'),
  problemDetails('admin', 'Bearer realm="rollcall"'),
  problemDetails('deployment', 'Bearer realm="rollcall"'),
]);

/** Whatever is served and described: the API reference is made from them. */
const controllers = [HealthRoutes, TokenRoutes, DeleteUsersRoutes, EnvironmentUsersRoutes, ProfileFieldsRoutes, ActivityEventsRoutes, AdminActivityEventsRoutes, EngagementUsersRoutes, EngagementEventsRoutes, EngagementUserChangesRoutes, EngagementAccountsRoutes, EngagementMergeRoutes, EngagementEventBatchRoutes, AdminAuthRoutes, PasswordRoutes, EmailRoutes, OwnAccountRoutes, ProjectLoginRoutes, EndUsersRoutes, ApiClientsRoutes, EngagementKeysRoutes, ApiKeysRoutes, OrgApiKeysRoutes, SdkKeysRoutes, ListsRoutes, EngagementListsRoutes, SegmentsRoutes, EngagementSegmentsRoutes,
  ...[ProjectUserListsRoutes, ProjectUsersRoutes, ProjectUserChangesRoutes, ProjectRolesRoutes],
  ...[OrgsRoutes, TeamsRoutes, ProjectsRoutes, OrgMembersRoutes, TeamMembersRoutes, ProjectMembersRoutes],
  ...[MeRoutes, UsersRoutes, UserChangesRoutes, UserExportRoutes, AccessRoutes],
  ...[SsoRoutes, AuthSsoRoutes],
  ...[UserSessionsRoutes, AllSessionsRoutes, ImportCredentialsRoutes, SigningKeysRoutes, KeySetRoutes, MetricsRoutes],
  ...[AuditRoutes, InvitationsRoutes, InvitationAcceptanceRoutes],
  BrowserSessionRoutes,
  ...[AdminProjectUsersRoutes, SegmentMembersRoutes, CustomFieldsRoutes],
  EventsFeedRoutes,
  ...[WebhooksRoutes, WebhookDeliveriesRoutes],
  ...[ImportsRoutes, ExportsRoutes],
  FiguresRoutes,
  DeadLettersRoutes,
  JobsRoutes,
  ...[ErasuresRoutes, EngagementErasuresRoutes, ProjectErasuresRoutes],
  ...[ReceiptsRoutes, ReceiptKeysRoutes, SuppressionsRoutes],
  ReferenceRoutes,
  DocsRoutes,
];

@Module({
  controllers,
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: ApiDocuments, useFactory: () => new ApiDocuments(controllers, dialects) },
    ...[Authenticator, OpenServices, RequestLimits],
    EngagementAccess,
    EnvironmentAccess,
    ProjectAccess,
    PageAccess,
    ...[KnownDevice, BrowserSession, Logins, Sessions],
    AccessTokens,
    Changes,
    Credentials,
    Projects,
    Realms,
    CredentialImports,
    ...[Imports, DataExports],
    ...[ProjectUsers, ProjectUserChanges, ProjectUserLists, ReferencedUsers],
    ...[AuditTrail, Invitations, UserExports, Receipts, Erasures],
    DeadLetters,
    ...[AdminAccess, AdminIdentity, Places, People, Members, Staff, StaffChanges, ManagedCredentials],
    ...[EndUserAccess, EndUserTokens, EndUsers, SdkKeys],
  ],
})
export class GatewayModule {}

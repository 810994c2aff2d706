import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { EngagementAccess } from './access/engagement-access.js';
import { EnvironmentAccess } from './access/environment-access.js';
import { ProjectAccess } from './access/project-access.js';
import { HealthRoutes } from './http/health.routes.js';
import { AdminAuthRoutes } from './surfaces/admin/auth.routes.js';
import { EngagementAccountsRoutes } from './surfaces/engagement/accounts.routes.js';
import { EngagementEventBatchRoutes } from './surfaces/engagement/event-batch.routes.js';
import { EngagementEventsRoutes } from './surfaces/engagement/events.routes.js';
import { EngagementMergeRoutes } from './surfaces/engagement/merge.routes.js';
import { EngagementUserChangesRoutes } from './surfaces/engagement/user-changes.routes.js';
import { EngagementUsersRoutes } from './surfaces/engagement/users.routes.js';
import { DeleteUsersRoutes } from './surfaces/environment/delete-users.routes.js';
import { TokenRoutes } from './surfaces/environment/token.routes.js';
import { ProjectLoginRoutes } from './surfaces/project/login.routes.js';
import { ProjectUsersRoutes } from './surfaces/project/users.routes.js';
import { AccessTokens } from './upstream/access-tokens.js';
import { Credentials } from './upstream/credentials.js';
import { ProjectUsers } from './upstream/project-users.js';
import { Projects } from './upstream/projects.js';

@Module({
  controllers: [HealthRoutes, TokenRoutes, DeleteUsersRoutes, EngagementUsersRoutes, EngagementEventsRoutes, EngagementUserChangesRoutes, EngagementAccountsRoutes, EngagementMergeRoutes, EngagementEventBatchRoutes, AdminAuthRoutes, ProjectLoginRoutes, ProjectUsersRoutes],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    EngagementAccess,
    EnvironmentAccess,
    ProjectAccess,
    AccessTokens,
    Credentials,
    Projects,
    ProjectUsers,
  ],
})
export class GatewayModule {}

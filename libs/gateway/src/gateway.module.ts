import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { EngagementAccess } from './access/engagement-access.js';
import { EnvironmentAccess } from './access/environment-access.js';
import { ProjectAccess } from './access/project-access.js';
import { HealthRoutes } from './http/health.routes.js';
import { AdminAuthRoutes } from './surfaces/admin/auth.routes.js';
import { EngagementEventsRoutes } from './surfaces/engagement/events.routes.js';
import { EngagementUsersRoutes } from './surfaces/engagement/users.routes.js';
import { DeleteUsersRoutes } from './surfaces/environment/delete-users.routes.js';
import { ProfileFieldsRoutes } from './surfaces/environment/profile-fields.routes.js';
import { TokenRoutes } from './surfaces/environment/token.routes.js';
import { EnvironmentUsersRoutes } from './surfaces/environment/users.routes.js';
import { ProjectLoginRoutes } from './surfaces/project/login.routes.js';
import { ProjectUsersRoutes } from './surfaces/project/users.routes.js';
import { AccessTokens } from './upstream/access-tokens.js';
import { Credentials } from './upstream/credentials.js';
import { ProjectUsers } from './upstream/project-users.js';
import { Projects } from './upstream/projects.js';

@Module({
  controllers: [HealthRoutes, TokenRoutes, DeleteUsersRoutes, EnvironmentUsersRoutes, ProfileFieldsRoutes, EngagementUsersRoutes, EngagementEventsRoutes, AdminAuthRoutes, ProjectLoginRoutes, ProjectUsersRoutes],
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

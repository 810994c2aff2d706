import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/platform/database';
import { EventsModule } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import { AccessMessages } from './access/access.messages.js';
import { AccessRepository } from './access/access.repository.js';
import { GetProjectAccess } from './access/get-project-access.js';
import { GetStaffRoles } from './access/get-staff-roles.js';
import { entities } from './database/entities.js';
import { migrations } from './database/migrations.js';
import { ClaimDeployment } from './deployment/claim-deployment.js';
import { DeploymentMessages } from './deployment/deployment.messages.js';
import { DescribeDeployment } from './deployment/describe-deployment.js';
import { CountMemberRemains } from './erasure/count-member-remains.js';
import { EraseMembers } from './erasure/erase-members.js';
import { ErasureMessages } from './erasure/erasure.messages.js';
import { HideMembers } from './erasure/hide-members.js';
import { CreateOrganisation } from './organisations/create-organisation.js';
import { FindOrganisation } from './organisations/find-organisation.js';
import { OrganisationsMessages } from './organisations/organisations.messages.js';
import { OrganisationsRepository } from './organisations/organisations.repository.js';
import { CreateProject } from './projects/create-project.js';
import { FindProject } from './projects/find-project.js';
import { ProjectsMessages } from './projects/projects.messages.js';
import { ProjectsRepository } from './projects/projects.repository.js';
import { GrantRole } from './roles/grant-role.js';
import { GrantsRepository } from './roles/grants.repository.js';
import { MembersRepository } from './roles/members.repository.js';
import { RolesMessages } from './roles/roles.messages.js';
import { CreateTeam } from './teams/create-team.js';
import { TeamsMessages } from './teams/teams.messages.js';
import { TeamsRepository } from './teams/teams.repository.js';
import { TrimEvents } from './upkeep/trim-events.js';

const service = 'membership';
const database = DatabaseModule.forService({ service, entities, migrations });

@Module({
  imports: [database, EventsModule.forService({ service, database })],
  providers: [
    OrganisationsMessages, CreateOrganisation, FindOrganisation, OrganisationsRepository,
    TeamsMessages, CreateTeam, TeamsRepository,
    ProjectsMessages, CreateProject, FindProject, ProjectsRepository,
    RolesMessages, GrantRole, GrantsRepository, MembersRepository,
    AccessMessages, GetProjectAccess, GetStaffRoles, AccessRepository,
    DeploymentMessages, DescribeDeployment, ClaimDeployment,
    ErasureMessages, HideMembers, EraseMembers, CountMemberRemains,
    TrimEvents, Idempotency,
  ],
})
export class MembershipModule {}

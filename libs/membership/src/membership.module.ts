import { Module } from '@nestjs/common';
import { DatabaseModule, type ServiceDatabase } from '#libs/platform/database';
import { EventsModule } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import { DataKeys } from '#libs/platform/keys';
import { UpkeepModule } from '#libs/platform/upkeep';
import { AccessAtRepository } from './access/access-at.repository.js';
import { AccessMessages } from './access/access.messages.js';
import { AccessRepository } from './access/access.repository.js';
import { GetAccess } from './access/get-access.js';
import { GetProjectAccess } from './access/get-project-access.js';
import { GetStaffRoles } from './access/get-staff-roles.js';
import { AuditMessages } from './audit/audit.messages.js';
import { FeedMessages } from './feed/feed.messages.js';
import { DeadRowsMessages } from './erasure/dead-rows.messages.js';
import { entities } from './database/entities.js';
import { migrations } from './database/migrations.js';
import { DeadLettersMessages } from './dead-letters/dead-letters.messages.js';
import { ClaimDeployment } from './deployment/claim-deployment.js';
import { DeploymentMessages } from './deployment/deployment.messages.js';
import { DescribeDeployment } from './deployment/describe-deployment.js';
import { DirectoryRepository } from './directory/directory.repository.js';
import { FollowNames } from './directory/follow-names.js';
import { RefreshDirectory } from './directory/refresh-directory.js';
import { StaffListsRepository } from './directory/staff-lists.repository.js';
import { CountMemberRemains } from './erasure/count-member-remains.js';
import { EraseMembers } from './erasure/erase-members.js';
import { ErasureMessages } from './erasure/erasure.messages.js';
import { HideMembers } from './erasure/hide-members.js';
import { AcceptInvitation } from './invitations/accept-invitation.js';
import { ChangeInvitation } from './invitations/change-invitation.js';
import { EnsurePerson } from './invitations/ensure-person.js';
import { ExpireInvitations } from './invitations/expire-invitations.js';
import { InvitationMail } from './invitations/invitation-mail.js';
import { InvitationPlaces } from './invitations/invitation-places.js';
import { InvitationTokens } from './invitations/invitation-tokens.js';
import { InvitationsMessages } from './invitations/invitations.messages.js';
import { InvitationsRepository } from './invitations/invitations.repository.js';
import { InviteUser } from './invitations/invite-user.js';
import { InviteesRepository } from './invitations/invitees.repository.js';
import { ListInvitations } from './invitations/list-invitations.js';
import { ManagedInvitationsMessages } from './invitations/managed-invitations.messages.js';
import { MailStates } from './invitations/mail-states.js';
import { SendInvitation } from './invitations/send-invitation.js';
import { ShowInvitations } from './invitations/show-invitations.js';
import { WriteAcceptance } from './invitations/write-acceptance.js';
import { WriteInvitations } from './invitations/write-invitations.js';
import { InvitationTools } from './invitations/invitation-tools.js';
import { GivenRolesRepository } from './members/given-roles.repository.js';
import { ListMembers } from './members/list-members.js';
import { MemberChanges } from './members/member-changes.js';
import { MemberPlaces } from './members/member-places.js';
import { MembersMessages } from './members/members.messages.js';
import { PlaceAuthority } from './members/place-authority.js';
import { RemoveMember } from './members/remove-member.js';
import { SetMember } from './members/set-member.js';
import { WriteMember } from './members/write-member.js';
import { CreateOrganisation } from './organisations/create-organisation.js';
import { ClosedPlaces } from './organisations/closed-places.js';
import { DeleteOrganisation } from './organisations/delete-organisation.js';
import { FindOrganisation } from './organisations/find-organisation.js';
import { ListOrganisations } from './organisations/list-organisations.js';
import { OrganisationsMessages } from './organisations/organisations.messages.js';
import { OrganisationsRepository } from './organisations/organisations.repository.js';
import { UpdateOrganisation } from './organisations/update-organisation.js';
import { PageCursors } from './paging/page-cursors.js';
import { FindProjectRoles } from './project-roles/find-project-roles.js';
import { GrantAuthority } from './project-roles/grant-authority.js';
import { HeldRolesMessages } from './project-roles/held-roles.messages.js';
import { HeldRolesRepository } from './project-roles/held-roles.repository.js';
import { ProjectRolesMessages } from './project-roles/project-roles.messages.js';
import { ProjectRolesRepository } from './project-roles/project-roles.repository.js';
import { ProjectStaff } from './project-roles/project-staff.js';
import { PutProjectRole } from './project-roles/put-project-role.js';
import { RemoveProjectRole } from './project-roles/remove-project-role.js';
import { RolesPush } from './project-roles/roles-push.js';
import { SetProjectRoles } from './project-roles/set-project-roles.js';
import { WriteProjectRoles } from './project-roles/write-project-roles.js';
import { CreateProject } from './projects/create-project.js';
import { DeleteProject } from './projects/delete-project.js';
import { FindProject } from './projects/find-project.js';
import { ListProjects } from './projects/list-projects.js';
import { ProjectListsRepository } from './projects/project-lists.repository.js';
import { ProjectsMessages } from './projects/projects.messages.js';
import { ProjectsRepository } from './projects/projects.repository.js';
import { UpdateProject } from './projects/update-project.js';
import { EndedRoles } from './roles/ended-roles.js';
import { GrantRole } from './roles/grant-role.js';
import { GrantsRepository } from './roles/grants.repository.js';
import { MembersRepository } from './roles/members.repository.js';
import { RolesMessages } from './roles/roles.messages.js';
import { AwaitedStaff } from './staff/awaited-staff.js';
import { DeleteStaff } from './staff/delete-staff.js';
import { DeletedStaffRepository } from './staff/deleted-staff.repository.js';
import { Departures } from './staff/departures.js';
import { FindStaff } from './staff/find-staff.js';
import { LastAdministrators } from './staff/last-administrators.js';
import { TakeExpiredStaff } from './staff/take-expired-staff.js';
import { ChangeStaff } from './staff/change-staff.js';
import { SetGlobalRole } from './staff/set-global-role.js';
import { SetStaffStatus } from './staff/set-staff-status.js';
import { StaffAuthority } from './staff/staff-authority.js';
import { StaffChangesMessages } from './staff/staff-changes.messages.js';
import { ListStaff } from './staff/list-staff.js';
import { StaffMessages } from './staff/staff.messages.js';
import { StaffRepository } from './staff/staff.repository.js';
import { CreateTeam } from './teams/create-team.js';
import { DeleteTeam } from './teams/delete-team.js';
import { FindTeams } from './teams/find-teams.js';
import { TeamsMessages } from './teams/teams.messages.js';
import { TeamsRepository } from './teams/teams.repository.js';
import { UpdateTeam } from './teams/update-team.js';
import { UpkeepMessages } from './upkeep/upkeep.messages.js';
import { Upkeep } from './upkeep/upkeep.js';
import { ExportMessages } from './exporting/export.messages.js';
import { AdmitBySso } from './sso/admit-by-sso.js';
import { SsoMessages } from './sso/sso.messages.js';
import { WriteAdmission } from './sso/write-admission.js';

const service = 'membership';
export const membershipDatabase: ServiceDatabase = { service, entities, migrations };
const database = DatabaseModule.forService(membershipDatabase);

@Module({
  imports: [database, EventsModule.forService({ service, database }), UpkeepModule.forService({ database })],
  providers: [
    DataKeys,
    DeadLettersMessages,
    ...[SsoMessages, AdmitBySso, WriteAdmission],
    OrganisationsMessages, CreateOrganisation, FindOrganisation, ListOrganisations, UpdateOrganisation, DeleteOrganisation, ClosedPlaces, OrganisationsRepository,
    TeamsMessages, CreateTeam, FindTeams, UpdateTeam, DeleteTeam, TeamsRepository,
    ProjectsMessages, CreateProject, FindProject, ListProjects, UpdateProject, DeleteProject, ProjectsRepository, ProjectListsRepository,
    ProjectRolesMessages, FindProjectRoles, PutProjectRole, RemoveProjectRole, GrantAuthority, ProjectRolesRepository,
    HeldRolesMessages, SetProjectRoles, WriteProjectRoles, RolesPush, ProjectStaff, HeldRolesRepository,
    RolesMessages, GrantRole, GrantsRepository, MembersRepository, EndedRoles,
    AccessMessages, GetProjectAccess, GetStaffRoles, GetAccess, AccessRepository, AccessAtRepository,
    DeploymentMessages, DescribeDeployment, ClaimDeployment,
    ErasureMessages, HideMembers, EraseMembers, CountMemberRemains,
    InvitationsMessages, InviteUser, EnsurePerson, WriteInvitations, InvitationTools, AcceptInvitation, WriteAcceptance, InvitationMail, InvitationTokens, SendInvitation,
    ManagedInvitationsMessages, ListInvitations, ChangeInvitation, ExpireInvitations, ShowInvitations, MailStates, InvitationPlaces, InvitationsRepository, InviteesRepository,
    DirectoryRepository, RefreshDirectory, FollowNames, StaffListsRepository,
    StaffMessages, AwaitedStaff, FindStaff, ListStaff, StaffRepository,
    StaffChangesMessages, StaffAuthority, ChangeStaff, DeleteStaff, TakeExpiredStaff, Departures, SetGlobalRole, SetStaffStatus, LastAdministrators, DeletedStaffRepository,
    MembersMessages, ListMembers, SetMember, WriteMember, RemoveMember, PlaceAuthority, MemberPlaces, MemberChanges, GivenRolesRepository,
    DeadRowsMessages,
    FeedMessages,
    AuditMessages,
    ExportMessages,
    PageCursors, Idempotency,
    UpkeepMessages, Upkeep,
  ],
})
export class MembershipModule {}

import { CountPlacesAsFew1795316800450 } from './migrations/1795316800450-count-places-as-few.js';
import { auditMigrations } from '#libs/platform/audit';
import { eventsMigrations } from '#libs/platform/events';
import { upkeepMigrations } from '#libs/platform/upkeep';
import { CreateMembership1767225600000 } from './migrations/1767225600000-create-membership.js';
import { IndexProjectLists1767225600010 } from './migrations/1767225600010-index-project-lists.js';
import { CreateProjectRoles1767225600030 } from './migrations/1767225600030-create-project-roles.js';
import { CreateInvitations1767225600020 } from './migrations/1767225600020-create-invitations.js';
import { CreateDirectory1767225600045 } from './migrations/1767225600045-create-directory.js';
import { CreateIdempotencyKeys1767225600040 } from './migrations/1767225600040-create-idempotency-keys.js';
import { IndexLargeLists1767225600070 } from './migrations/1767225600070-index-large-lists.js';
import { IndexExpiredMembers1767225600095 } from './migrations/1767225600095-index-expired-members.js';
import { AddLeftOrganisation1767225600100 } from './migrations/1767225600100-add-left-organisation.js';
import { IndexRolesOfOrganisations1767225600170 } from './migrations/1767225600170-index-roles-of-organisations.js';
import { ListAtOnce1767225600230 } from './migrations/1767225600230-list-at-once.js';
import { SplitShortGrams1767225600231 } from './migrations/1767225600231-split-short-grams.js';
import { ForgetStatistics1767225600101 } from './migrations/1767225600101-forget-statistics.js';
import { TellStaffFromUsers1795316800350 } from './migrations/1795316800350-tell-staff-from-users.js';
import { ReadStaffFromIndex1795316800330 } from './migrations/1795316800330-read-staff-from-index.js';
import { CountInvitationMails1795316800400 } from './migrations/1795316800400-count-invitation-mails.js';
import { CreateDataKeys1767225600050 } from './migrations/1767225600050-create-data-keys.js';

/** In order; a class is never changed once it was released. */
export const migrations = [...eventsMigrations, ...auditMigrations, ...upkeepMigrations, CreateMembership1767225600000, IndexProjectLists1767225600010, CreateProjectRoles1767225600030, CreateDirectory1767225600045, CreateIdempotencyKeys1767225600040, CreateInvitations1767225600020, IndexLargeLists1767225600070, CreateDataKeys1767225600050, IndexExpiredMembers1767225600095, AddLeftOrganisation1767225600100, ForgetStatistics1767225600101, IndexRolesOfOrganisations1767225600170, ListAtOnce1767225600230, SplitShortGrams1767225600231, ReadStaffFromIndex1795316800330, TellStaffFromUsers1795316800350, CountInvitationMails1795316800400, CountPlacesAsFew1795316800450] as const;

import { auditMigrations } from '#libs/platform/audit';
import { eventsMigrations } from '#libs/platform/events';
import { CreateUsers1700000100001 } from './migrations/1700000100001-create-users.js';
import { CreateUserEvents1700000100002 } from './migrations/1700000100002-create-user-events.js';
import { CreateTombstones1700000100003 } from './migrations/1700000100003-create-tombstones.js';
import { CreateAccountMembers1700000100011 } from './migrations/1700000100011-create-account-members.js';
import { CreateUserAliases1700000100012 } from './migrations/1700000100012-create-user-aliases.js';
import { CreateProfileFields1700000100010 } from './migrations/1700000100010-create-profile-fields.js';
import { AddStandardFields1700000100013 } from './migrations/1700000100013-add-standard-fields.js';
import { CreateLists1700000100020 } from './migrations/1700000100020-create-lists.js';
import { CreateSegments1700000100021 } from './migrations/1700000100021-create-segments.js';
import { CreateActivityEvents1700000100030 } from './migrations/1700000100030-create-activity-events.js';
import { ListUsers1700000100035 } from './migrations/1700000100035-list-users.js';
import { SegmentRuns1700000100036 } from './migrations/1700000100036-segment-runs.js';
import { ListRoles1700000100040 } from './migrations/1700000100040-list-roles.js';
import { AddUserFields1700000100041 } from './migrations/1700000100041-add-user-fields.js';
import { CreateIdempotencyKeys1700000100045 } from './migrations/1700000100045-create-idempotency-keys.js';

export const migrations = [...eventsMigrations, ...auditMigrations, CreateUsers1700000100001, CreateUserEvents1700000100002, CreateTombstones1700000100003, CreateProfileFields1700000100010, AddStandardFields1700000100013, CreateAccountMembers1700000100011, CreateUserAliases1700000100012, CreateLists1700000100020, CreateSegments1700000100021, CreateActivityEvents1700000100030, ListUsers1700000100035, SegmentRuns1700000100036, ListRoles1700000100040, AddUserFields1700000100041, CreateIdempotencyKeys1700000100045];

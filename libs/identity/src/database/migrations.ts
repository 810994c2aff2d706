import { CountPlacesAsFew1795316800450 } from './migrations/1795316800450-count-places-as-few.js';
import { CreateLoginDays1795316800130 } from './migrations/1795316800130-create-login-days.js';
import { LookUpLoginNamesByKey1795316800180 } from './migrations/1795316800180-look-up-login-names-by-key.js';
import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { auditMigrations } from '#libs/platform/audit';
import { eventsMigrations } from '#libs/platform/events';
import { upkeepMigrations } from '#libs/platform/upkeep';
import { CreateIdentity1795316800000 } from './migrations/1795316800000-create-identity.js';
import { CreateSdkKeys1795316800001 } from './migrations/1795316800001-create-sdk-keys.js';
import { CreateTokenUses1795316800002 } from './migrations/1795316800002-create-token-uses.js';
import { AddKnownDevices1795316800010 } from './migrations/1795316800010-add-known-devices.js';
import { CreateSso1795316800035 } from './migrations/1795316800035-create-sso.js';
import { AddPendingRoles1795316800015 } from './migrations/1795316800015-add-pending-roles.js';
import { CreateOutgoingMails1795316800020 } from './migrations/1795316800020-create-outgoing-mails.js';
import { RotateKeysAndTellRevocations1795316800011 } from './migrations/1795316800011-rotate-keys-and-tell-revocations.js';
import { AddSuspended1795316800045 } from './migrations/1795316800045-add-suspended.js';
import { AddMustChangePassword1795316800046 } from './migrations/1795316800046-add-must-change-password.js';
import { CountTriesUnlogged1795316800085 } from './migrations/1795316800085-count-tries-unlogged.js';
import { CreateLoginNames1795316800047 } from './migrations/1795316800047-create-login-names.js';
import { CreateIdempotencyKeys1795316800025 } from './migrations/1795316800025-create-idempotency-keys.js';
import { CreateClosedPlaces1795316800060 } from './migrations/1795316800060-create-closed-places.js';
import { CreateDataKeys1795316800050 } from './migrations/1795316800050-create-data-keys.js';

/** In order. A list and not a file pattern: ESM has no synchronous import of what a pattern finds. */
export const identityMigrations: readonly Type<MigrationInterface>[] = [
  ...eventsMigrations,
  ...auditMigrations,
  ...upkeepMigrations,
  CreateIdentity1795316800000,
  CreateSdkKeys1795316800001,
  CreateTokenUses1795316800002,
  AddKnownDevices1795316800010,
  RotateKeysAndTellRevocations1795316800011,
  AddPendingRoles1795316800015,
  CreateOutgoingMails1795316800020,
  CreateSso1795316800035,
  CreateIdempotencyKeys1795316800025,
  AddSuspended1795316800045,
  AddMustChangePassword1795316800046,
  CreateDataKeys1795316800050,
  CountTriesUnlogged1795316800085,
  CreateLoginNames1795316800047,
  CreateClosedPlaces1795316800060,
  CreateLoginDays1795316800130,
  LookUpLoginNamesByKey1795316800180,
  CountPlacesAsFew1795316800450,
];

import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { CreateUpkeepHolds1767225600055 } from './create-upkeep-holds.migration.js';
import { UpkeepHold } from './upkeep-hold.entity.js';

/** Makes `upkeep_holds`, for each service that does upkeep in steps. */
export const upkeepMigrations: readonly Type<MigrationInterface>[] = [CreateUpkeepHolds1767225600055];

export const upkeepEntities: readonly Type[] = [UpkeepHold];

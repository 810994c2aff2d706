import type { Type } from '@nestjs/common';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ConfigDefinition, ConfigValues } from '#libs/platform/config';
import type { ServiceDatabase } from '#libs/platform/database';
import type { TargetName } from './start-table.js';

/** Reads a definition's parsed values, before there is dependency injection. */
export type ConfigReader = <D extends ConfigDefinition>(definition: D) => ConfigValues<D>;

export interface HttpOptions {
  config: ConfigReader;
  /** The address clients reach us at. */
  publicUrl: string;
}

/** What one service library hands to the runtime: its module, the configuration that is its own, and its database and HTTP side if it has one. */
export interface Target {
  readonly name: TargetName;
  readonly module: Type;
  readonly config: readonly ConfigDefinition[];
  readonly database?: ServiceDatabase;
  readonly http?: {
    createAdapter(config: ConfigReader): FastifyAdapter;
    configure(app: NestFastifyApplication, options: HttpOptions): void;
  };
}

export function defineTarget(target: Target): Target {
  return target;
}

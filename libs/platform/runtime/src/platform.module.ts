import { Module, type DynamicModule } from '@nestjs/common';
import type { ReadConfig } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';

/** Gives everybody the logger and the configuration that was read at the start. */
@Module({})
export class PlatformModule {
  static register(config: ReadConfig, logger: Logger): DynamicModule {
    const values = [...config.values].map(([provide, useValue]) => ({ provide, useValue }));
    return { module: PlatformModule, global: true, providers: [{ provide: Logger, useValue: logger }, ...values], exports: [Logger, ...config.values.keys()] };
  }
}

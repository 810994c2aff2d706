import { Injectable, type Type } from '@nestjs/common';
import { z } from 'zod';
import { isFailure } from '#libs/platform/errors';
import { defineMessage } from '#libs/platform/messages';
import { Handles, RpcClient } from '#libs/platform/rpc';
import { HealthReport, Readiness, type DependencyState } from '#libs/platform/telemetry';
import type { TargetName } from './start-table.js';

const dependency = z.object({ name: z.string(), ready: z.boolean(), reason: z.string().optional() });

/** Asks a service what it depends on. */
function checkHealth(service: TargetName) {
  return defineMessage({ subject: `${service}.health.check`, request: z.object({}), response: z.object({ dependencies: z.array(dependency) }), deadlineMs: 2_500 });
}

/** The handler by which a service answers that question. */
export function healthMessages(service: TargetName): Type {
  const message = checkHealth(service);

  @Injectable()
  class HealthMessages {
    constructor(private readonly readiness: Readiness) {}

    @Handles(message)
    async check(): Promise<{ dependencies: DependencyState[] }> {
      return { dependencies: await this.readiness.check() };
    }
  }
  return HealthMessages;
}

/** In one process there is nothing to ask: every part registered here. */
@Injectable()
export class OwnHealthReport extends HealthReport {
  constructor(private readonly readiness: Readiness) {
    super();
  }

  override dependencies(): Promise<DependencyState[]> {
    return this.readiness.check();
  }
}

const services: readonly TargetName[] = ['identity', 'profiles', 'membership', 'workers'];

/** Over the bus: a service that does not answer is itself a dependency that is not ready. */
@Injectable()
export class PlatformHealthReport extends HealthReport {
  constructor(
    private readonly readiness: Readiness,
    private readonly rpc: RpcClient,
  ) {
    super();
  }

  override async dependencies(requestId: string): Promise<DependencyState[]> {
    const lists = await Promise.all([this.readiness.check(), ...services.map((service) => this.ask(service, requestId))]);
    const all = new Map<string, DependencyState>();
    // The bus is everybody's dependency: it is named once, as unready as its worst report.
    for (const state of lists.flat()) if (all.get(state.name)?.ready !== false) all.set(state.name, state);
    return [...all.values()];
  }

  private async ask(service: TargetName, requestId: string): Promise<DependencyState[]> {
    try {
      const { dependencies } = await this.rpc.call(checkHealth(service), {}, { requestId });
      return [{ name: service, ready: true }, ...dependencies];
    } catch (error) {
      return [{ name: service, ready: false, reason: isFailure(error) ? error.value.message : 'no answer' }];
    }
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { ConfigValues } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import { Readiness } from '#libs/platform/telemetry';
import { HandlerRegistry } from './handler-registry.js';
import { InProcessRpcClient } from './in-process-rpc-client.js';
import { NatsClientConnection } from './nats-client-connection.js';
import { NatsRpcClient } from './nats-rpc-client.js';
import { RpcClient } from './rpc-client.js';
import { rpcConfig } from './rpc.config.js';

type RpcConfig = ConfigValues<typeof rpcConfig>;

/** Provides `RpcClient` to everybody: over NATS when the topology has one, else in process. */
@Module({})
export class RpcModule {
  static register(topology: 'in-process' | 'nats'): DynamicModule {
    const client =
      topology === 'in-process'
        ? {
            provide: RpcClient,
            useFactory: (registry: HandlerRegistry, config: RpcConfig) => new InProcessRpcClient(registry, config.RPC_DEADLINE_MS),
            inject: [HandlerRegistry, rpcConfig.token],
          }
        : {
            provide: RpcClient,
            useFactory: (config: RpcConfig, readiness: Readiness, logger: Logger) => new NatsRpcClient(new NatsClientConnection(config.NATS_URL, readiness, logger), config.RPC_DEADLINE_MS, config.RPC_CHECK_REPLIES),
            inject: [rpcConfig.token, Readiness, Logger],
          };
    return { module: RpcModule, global: true, imports: [DiscoveryModule], providers: [HandlerRegistry, client], exports: [HandlerRegistry, RpcClient] };
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ClientNats } from '@nestjs/microservices';
import type { ConfigValues } from '#libs/platform/config';
import { Readiness } from '#libs/platform/telemetry';
import { HandlerRegistry } from './handler-registry.js';
import { InProcessRpcClient } from './in-process-rpc-client.js';
import { connectNatsClient } from './nats-client-connection.js';
import { natsOptions } from './nats-options.js';
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
            useFactory: (config: RpcConfig, readiness: Readiness) => {
              const nats = new ClientNats(natsOptions(config.NATS_URL));
              const connection = connectNatsClient(nats, readiness);
              return new NatsRpcClient(nats, config.RPC_DEADLINE_MS, config.RPC_CHECK_REPLIES, connection);
            },
            inject: [rpcConfig.token, Readiness],
          };
    return { module: RpcModule, global: true, imports: [DiscoveryModule], providers: [HandlerRegistry, client], exports: [HandlerRegistry, RpcClient] };
  }
}

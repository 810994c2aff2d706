import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { ConfigValues } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import { Readiness } from '#libs/platform/telemetry';
import { Announcements } from './announcements.js';
import { HandlerRegistry } from './handler-registry.js';
import { InProcessAnnouncements } from './in-process-announcements.js';
import { InProcessRpcClient } from './in-process-rpc-client.js';
import { NatsAnnouncements } from './nats-announcements.js';
import { NatsClientConnection } from './nats-client-connection.js';
import { NatsRpcClient } from './nats-rpc-client.js';
import { RpcClient } from './rpc-client.js';
import { rpcConfig } from './rpc.config.js';

type RpcConfig = ConfigValues<typeof rpcConfig>;

/** Provides `RpcClient` and `Announcements` to everybody: over NATS when the topology has one, else in process. */
@Module({})
export class RpcModule {
  static register(topology: 'in-process' | 'nats'): DynamicModule {
    return { module: RpcModule, global: true, imports: [DiscoveryModule], providers: [HandlerRegistry, ...providersOf[topology]], exports: [HandlerRegistry, RpcClient, Announcements] };
  }
}

const providersOf: Readonly<Record<'in-process' | 'nats', Provider[]>> = {
  'in-process': [
    { provide: RpcClient, useFactory: (registry: HandlerRegistry, config: RpcConfig) => new InProcessRpcClient(registry, config.RPC_DEADLINE_MS), inject: [HandlerRegistry, rpcConfig.token] },
    { provide: Announcements, useClass: InProcessAnnouncements },
  ],
  nats: [
    { provide: NatsClientConnection, useFactory: (config: RpcConfig, readiness: Readiness, logger: Logger) => new NatsClientConnection(config.NATS_URL, readiness, logger), inject: [rpcConfig.token, Readiness, Logger] },
    { provide: RpcClient, useFactory: (bus: NatsClientConnection, config: RpcConfig) => new NatsRpcClient(bus, config.RPC_DEADLINE_MS, config.RPC_CHECK_REPLIES), inject: [NatsClientConnection, rpcConfig.token] },
    { provide: Announcements, useFactory: (bus: NatsClientConnection) => new NatsAnnouncements(bus), inject: [NatsClientConnection] },
  ],
};

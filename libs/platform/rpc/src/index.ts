export { untilBeat } from './beat.js';
export { Handles, type HandlerArguments } from './handles.js';
export { HandlerRegistry } from './handler-registry.js';
export { RpcClient } from './rpc-client.js';
export { InProcessRpcClient } from './in-process-rpc-client.js';
export { natsOptions } from './nats-options.js';
export { NatsRpcServer } from './nats-rpc-server.js';
export { rpcConfig } from './rpc.config.js';
export { RpcModule } from './rpc.module.js';

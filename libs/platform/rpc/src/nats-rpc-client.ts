import type { OnApplicationShutdown } from '@nestjs/common';
import type { ClientNats } from '@nestjs/microservices';
import { EmptyResponseException } from '@nestjs/microservices/errors/empty-response.exception.js';
import { lastValueFrom } from 'rxjs';
import { Failure } from '#libs/platform/errors';
import type { AnyMessage, CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';
import { remainingMs, unavailable, withDeadline } from './deadline.js';
import type { Reply } from './handler-registry.js';
import type { Envelope } from './nats-rpc-server.js';
import { onward } from './onward.js';
import { RpcClient } from './rpc-client.js';

/** Calls over NATS request/reply. The only code that touches Nest's client: it adds the deadline that one lacks. */
export class NatsRpcClient extends RpcClient implements OnApplicationShutdown {
  constructor(
    private readonly client: ClientNats,
    private readonly defaultDeadlineMs: number,
    private readonly checkReplies: boolean,
    private readonly isConnected: () => boolean,
  ) {
    super();
  }

  override async call<M extends AnyMessage>(message: M, request: RequestInput<M>, context: CallContext): Promise<ResponseOf<M>> {
    // Without this a call made while the bus is away would wait for it until its deadline.
    if (!this.isConnected()) throw unavailable(message, 'is out of reach: the message bus is not connected');
    const ms = remainingMs(message, context, this.defaultDeadlineMs);
    const envelope: Envelope = { ...onward(context), timeoutMs: ms, body: request };
    let reply: Reply;
    try {
      reply = await withDeadline(lastValueFrom(this.client.send<Reply, Envelope>(message.subject, envelope)), ms, message);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw unavailable(message, error instanceof EmptyResponseException ? 'is not running' : 'is out of reach', error);
    }
    if ('error' in reply) throw new Failure(reply.error);
    return (this.checkReplies ? message.response.parse(reply.ok) : reply.ok) as ResponseOf<M>;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}

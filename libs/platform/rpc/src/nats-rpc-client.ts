import type { OnApplicationShutdown } from '@nestjs/common';
import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { Failure, isFailure } from '#libs/platform/errors';
import type { AnyMessage, CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';
import { currentSpan, traced } from '#libs/platform/tracing';
import { remainingMs, unavailable } from './deadline.js';
import type { Reply } from './handler-registry.js';
import { mustFit, Outgoing, serviceOf, subjectOfRequests, type Envelope, type ReplyBatch } from './nats-batch.js';
import type { NatsClientConnection } from './nats-client-connection.js';
import { onward } from './onward.js';
import { Replicas, subjectOfReplicas, type Sign } from './replicas.js';
import { noteFailure, spanOf } from './rpc-spans.js';
import { RpcClient } from './rpc-client.js';

/**
 * How long requests wait at the most for the first answer to those before them, so that they share the next message: where many
 * are made, a message for each few costs more than the waiting. Who asks alone never waits.
 */
const holdMs = 4;

/** What was sent last to a service. */
interface Sent {
  at: number;
  answered: boolean;
}

interface Call {
  number: number;
  json: string;
  message: AnyMessage;
  /** Whom it was addressed to, where the broker did not choose. */
  replica?: string | undefined;
  sent?: Sent;
  settle: (reply: Reply) => void;
  fail: (error: unknown) => void;
  timer: NodeJS.Timeout;
}

/**
 * Calls over NATS. Requests that are made in the same turn of the event loop, or while the service has not answered those before
 * them, share a message for each service, as their writes will share a commit; answers come to one subject, as many in a message as
 * were ready together.
 */
export class NatsRpcClient extends RpcClient implements OnApplicationShutdown {
  private readonly inbox = createInbox();
  private readonly calls = new Map<number, Call>();
  private readonly outgoing = new Outgoing<Call>((subject, calls) => this.send(subject, calls), (subject) => this.waitMs(subject));
  private readonly sent = new Map<string, Sent>();
  private readonly replicas = new Replicas();
  private numbered = 0;
  /** The connection that the inbox is heard on. */
  private heard: NatsConnection | undefined;
  /** Services whose replicas are listened to there: those that were asked. */
  private readonly followed = new Set<string>();

  constructor(
    private readonly bus: NatsClientConnection,
    private readonly defaultDeadlineMs: number,
    private readonly checkReplies: boolean,
  ) {
    super();
  }

  override async call<M extends AnyMessage>(message: M, request: RequestInput<M>, context: CallContext): Promise<ResponseOf<M>> {
    // Without this a call made while the bus is away would wait for it until its deadline.
    if (!this.bus.usable) throw unavailable(message, 'is out of reach: the message bus is not connected');
    const ms = remainingMs(message, context, this.defaultDeadlineMs);
    if (ms <= 0) throw unavailable(message, 'did not answer in time');
    const reply = await traced(() => spanOf(message.subject, 'client', currentSpan() === undefined ? context.traceparent : undefined), async (span) => {
      const envelope: Envelope = { ...onward(context), subject: message.subject, timeoutMs: ms, body: request };
      const answer = await this.ask(message, span.traceparent === undefined ? envelope : { ...envelope, traceparent: span.traceparent });
      if ('error' in answer) noteFailure(span, answer.error);
      return answer;
    });
    if ('error' in reply) throw new Failure(reply.error);
    return (this.checkReplies ? message.response.parse(reply.ok) : reply.ok) as ResponseOf<M>;
  }

  async onApplicationShutdown(): Promise<void> {
    this.outgoing.flush();
    await this.bus.close();
  }

  private ask(message: AnyMessage, envelope: Envelope): Promise<Reply> {
    const number = (this.numbered += 1);
    const json = JSON.stringify([number, envelope]);
    mustFit(json, `The request ${message.subject}`);
    return new Promise((settle, fail) => {
      const timer = setTimeout(() => this.giveUp(number), envelope.timeoutMs);
      const call = { number, json, message, settle, fail, timer };
      this.calls.set(number, call);
      this.outgoing.add(subjectOfRequests(message.subject), call);
    });
  }

  private waitMs(subject: string): number {
    const last = this.sent.get(subject);
    return last === undefined || last.answered ? 0 : last.at + holdMs - performance.now();
  }

  private send(subject: string, calls: readonly Call[]): void {
    const service = serviceOf(calls[0]!.message.subject);
    const replica = this.replicas.choose(service);
    const sent = { at: performance.now(), answered: false };
    this.sent.set(subject, sent);
    for (const call of calls) {
      call.replica = replica;
      call.sent = sent;
    }
    try {
      const connection = this.connection();
      this.follow(service, connection);
      const data = `{"to":${JSON.stringify(`${this.inbox}.answers`)},"requests":[${calls.map(({ json }) => json).join(',')}]}`;
      // Where nobody listens, the broker says so to the subject of the reply.
      connection.publish(replica === undefined ? subject : `${subject}.${replica}`, data, { reply: `${this.inbox}.${calls.map(({ number }) => number).join('-')}` });
    } catch (error) {
      for (const { number, message } of calls) this.take(number)?.fail(isFailure(error) ? error : unavailable(message, 'is out of reach', error));
    }
  }

  /** @throws when there is none yet */
  private connection(): NatsConnection {
    const connection = this.bus.client.unwrap<NatsConnection>();
    if (this.heard !== connection) {
      connection.subscribe(`${this.inbox}.*`, { callback: (error, answer) => (error === null ? this.hear(answer) : undefined) });
      this.followed.clear();
      this.heard = connection;
    }
    return connection;
  }

  private follow(service: string, connection: NatsConnection): void {
    if (this.followed.has(service)) return;
    this.followed.add(service);
    connection.subscribe(`${subjectOfReplicas}.${service}`, { callback: (error, sign) => (error === null ? this.replicas.hear(service, sign.json<Sign>()) : undefined) });
  }

  private hear(answer: Msg): void {
    const last = answer.subject.slice(this.inbox.length + 1);
    if (last === 'answers') {
      for (const [number, reply] of answer.json<ReplyBatch>()) this.take(number)?.settle(reply);
    } else if (answer.headers?.code === 503) {
      for (const number of last.split('-')) this.isNotThere(Number(number));
    }
  }

  /** Nobody has got it, so it may go to another; where the broker may choose, there is none. */
  private isNotThere(number: number): void {
    const call = this.calls.get(number);
    if (call === undefined) return;
    if (call.replica === undefined) return void this.take(number)?.fail(unavailable(call.message, 'is not running'));
    this.replicas.forget(serviceOf(call.message.subject), call.replica);
    this.outgoing.add(subjectOfRequests(call.message.subject), call);
  }

  private giveUp(number: number): void {
    const call = this.take(number);
    if (call === undefined) return;
    this.replicas.suspect(serviceOf(call.message.subject));
    call.fail(unavailable(call.message, 'did not answer in time'));
  }

  /** A call that is over; undefined when it was over before. */
  private take(number: number): Call | undefined {
    const call = this.calls.get(number);
    if (call === undefined) return undefined;
    this.calls.delete(number);
    clearTimeout(call.timer);
    if (call.sent?.answered === false) {
      call.sent.answered = true;
      this.outgoing.hurry(subjectOfRequests(call.message.subject));
    }
    return call;
  }
}

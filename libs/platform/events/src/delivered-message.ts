import { nanos, type Msg } from '@nats-io/transport-node';

/** A message as a JetStream consumer delivers it: its reply subject says how often, and takes the answer. */
export class DeliveredMessage {
  /** 1 for the first delivery. */
  readonly delivery: number;
  readonly streamSequence: number;

  constructor(private readonly message: Msg) {
    // $JS.ACK.[domain.account.]stream.consumer.delivery.sequence.…
    const tokens = (message.reply ?? '').split('.');
    const start = tokens.length >= 11 ? 6 : 4;
    this.delivery = Number(tokens[start] ?? 1);
    this.streamSequence = Number(tokens[start + 1] ?? 0);
  }

  /** Whether its body holds one of these, as bytes. */
  holds(marks: readonly Buffer[]): boolean {
    const { buffer, byteOffset, byteLength } = this.message.data;
    const body = Buffer.from(buffer, byteOffset, byteLength);
    return marks.some((mark) => body.includes(mark));
  }

  json<T>(): T {
    return this.message.json<T>();
  }

  ack(): void {
    this.message.respond('+ACK');
  }

  /** Asks for another delivery, after a while, by whichever replica. */
  nak(delayMs: number): void {
    this.message.respond(`-NAK ${JSON.stringify({ delay: nanos(delayMs) })}`);
  }

  /** Asks for no other delivery. */
  term(): void {
    this.message.respond('+TERM');
  }

  /** Says that somebody still works on it. */
  working(): void {
    this.message.respond('+WPI');
  }
}

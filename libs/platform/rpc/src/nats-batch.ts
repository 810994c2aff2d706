import { platformErrors } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import type { Reply } from './handler-registry.js';
import { largestMessageBytes } from './rpc.config.js';

/** A request on the wire, beside what its context carries. */
export interface Envelope extends Omit<CallContext, 'deadlineAt'> {
  subject: string;
  /** Milliseconds the caller still waits; a span, because hosts' clocks differ. */
  timeoutMs: number;
  body: unknown;
}

/** One message: requests of one caller to one service, each with its number there. */
export interface RequestBatch {
  /** The subject where their answers are expected. */
  to: string;
  requests: [number, Envelope][];
}

/** One message: answers to one caller, by the numbers of their requests, whichever messages these came in. */
export type ReplyBatch = [number, Reply][];

/** Characters of JSON that share a message; what is longer by itself goes alone. */
const enoughCharacters = 256 * 1024;
/** Requests that share a message: the replicas of a service are to have work alike, and as much at once as shares a statement. */
const enoughRequests = 64;
/** Left of a message's largest size for what is around its one part. */
const frameBytes = 1_024;

/** Where the requests to a service go, `profiles` of `profiles.user.get`: to one of its replicas. */
export function subjectOfRequests(subject: string): string {
  return `requests.${serviceOf(subject)}`;
}

export function serviceOf(subject: string): string {
  return subject.slice(0, subject.indexOf('.'));
}

/** @throws Failure `message-too-large` when the broker would not take it */
export function mustFit(part: string, what: string): void {
  // A character of a string takes three bytes at the most.
  const mayBeTooLarge = part.length * 3 > largestMessageBytes - frameBytes;
  if (mayBeTooLarge && Buffer.byteLength(part) > largestMessageBytes - frameBytes) throw platformErrors.failure('message-too-large', `${what} is too large.`);
}

/**
 * Parts of messages that arrive in one turn of the event loop and go out together, in as few messages as they fit into; and with
 * them what waited for them.
 */
export class Outgoing<Part extends { json: string }> {
  private readonly queues = new Map<string, Part[]>();
  /** When those wait no longer that were told to. */
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private scheduled = false;

  /**
   * @param send takes the parts of one message to `to`
   * @param waitMs how long what is for `to` may wait for others that join it: until that is over or `hurry` is called
   */
  constructor(
    private readonly send: (to: string, parts: readonly Part[]) => void,
    private readonly waitMs: (to: string) => number = () => 0,
  ) {}

  add(to: string, part: Part): void {
    const queue = this.queues.get(to);
    if (queue !== undefined) return void queue.push(part);
    this.queues.set(to, [part]);
    this.schedule();
  }

  /** What waits for `to` goes at the end of this turn. */
  hurry(to: string): void {
    if (this.timers.has(to)) this.schedule();
  }

  /** All goes now. */
  flush(): void {
    for (const to of [...this.queues.keys()]) this.release(to);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.endTurn());
  }

  private endTurn(): void {
    this.scheduled = false;
    for (const to of [...this.queues.keys()]) {
      const ms = this.waitMs(to);
      if (ms <= 0) this.release(to);
      else if (!this.timers.has(to)) this.timers.set(to, setTimeout(() => this.release(to), ms));
    }
  }

  private release(to: string): void {
    clearTimeout(this.timers.get(to));
    this.timers.delete(to);
    const queue = this.queues.get(to) ?? [];
    this.queues.delete(to);
    for (const parts of inMessages(queue)) this.send(to, parts);
  }
}

function inMessages<Part extends { json: string }>(queue: readonly Part[]): Part[][] {
  const messages: Part[][] = [];
  let current: Part[] = [];
  let characters = 0;
  for (const part of queue) {
    if (current.length > 0 && (current.length === enoughRequests || characters + part.json.length > enoughCharacters)) {
      messages.push(current);
      [current, characters] = [[], 0];
    }
    current.push(part);
    characters += part.json.length;
  }
  return [...messages, current];
}

/** Times and sizes of event delivery. The defaults suit every deployment; specs shorten the times. */
export class EventsTuning {
  /** How often a relay looks for rows that nobody nudged it about, milliseconds. */
  readonly pollMs: number = 200;
  /** The shortest time from one look of a relay to the next, unless it found more than it could take: under load events go in batches. */
  readonly restMs: number = 50;
  /** How often a relay asks how far the outbox need not be looked through any more. */
  readonly floorMs: number = 1_000;
  /** How often it looks through all of it nevertheless. */
  readonly wholeLookMs: number = 10_000;
  /** How long a relay waits before it asks again for the lock another one holds, or for a database that is away. */
  readonly lockRetryMs: number = 1_000;
  /** Rows a relay reads at once. */
  readonly batch: number = 500;
  /** Rows handed out and not yet finished at which a relay stops reading. Some kilobytes of memory each. */
  readonly mostInFlight: number = 10_000;
  /** Events that one consumer of one process handles at the same time, and messages that it has at the most. Their effects share transactions, one at a time; what handlers ask before shares the service's connections with its requests. */
  readonly concurrency: number = 32;
  /** Events that share a message at the most. A message is the work of one replica: fewer would have each look of a relay wake all of them. */
  readonly together: number = 128;
  /** Deliveries that fail by themselves before an event is given up. Those that fail because something is out of reach don't end it. */
  readonly deliveries: number = 8;
  /** The wait after the first failed delivery; it doubles with each one. */
  readonly firstRetryMs: number = 1_000;
  readonly longestRetryMs: number = 60_000;
  /** The longest wait while something is out of reach, so that consumers are back soon after it is. */
  readonly longestUnavailableRetryMs: number = 10_000;
  /** A handler that has not settled after this long has failed. */
  readonly handlerTimeoutMs: number = 60_000;
  /** How long a request for events waits at the broker. So long a stop takes, so often an idle consumer asks. */
  readonly pullMs: number = 1_000;
  /** The broker delivers again what was not answered for this long, as when its process was killed; longer work is announced to it. */
  readonly ackWaitMs: number = 20_000;
  /** How often the broker's stream is looked at when nothing seems wrong. */
  readonly streamCheckMs: number = 5_000;
  /**
   * How long a stream or consumer that was deleted under us stays so. Brokers (2.9) clear away behind a deletion; what is
   * made of the same name meanwhile is stuck from the start, or takes over how far the old one had come.
   */
  readonly recreateMs: number = 2_000;
  /** The wait between attempts to reach the broker. */
  readonly reconnectMs: number = 500;
  /** How long handlers that run may go on after the process was told to stop. */
  readonly drainMs: number = 8_000;

  constructor(changes: Partial<EventsTuning> = {}) {
    Object.assign(this, changes);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Options } from '@node-rs/argon2';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { nextTurn } from '#libs/platform/database';
import { identityConfig } from '../identity.config.js';
import { usualThreads } from './hashing-threads.js';
import type { Verification } from './stored-hash.js';

/** With `verification`: does any of the passwords fit (boolean)? Without: hash the password (PHC string). */
export type HashingJob = { passwords: readonly string[]; verification: Verification } | { password: string; options: Options };

interface Task {
  job: HashingJob;
  deadlineAt: number;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/** Jobs that wait for the same reason, and what they have cost. */
interface Lane {
  queue: Task[];
  /** On the clock, since jobs of both lanes have waited for a thread; of those that are under way, what they are expected to take. */
  spentMs: number;
  /** What a job of its last share took, on the clock. */
  jobMs: number;
}

/** What a thread answers for each job of its share. `late`: its deadline had passed when its turn came. */
type Outcome = { result: unknown } | { error: string } | { late: true };

/** Jobs that a thread takes at once where many wait. What is woken by their end finds a core whose caches are full of hashes: better once for several. */
const largestShare = 16;
/** … but no more than take so long: the first of a share is answered with its last. */
const longestShareMs = 200;
/** Less than the shortest hash of the default strength takes. */
const gatheringMs = 5;

/**
 * Threads for password hashing, as many as there are cores and memory for, with a bounded queue. Threads of our own, because the pool that
 * Node.js has is also what name look-ups and files wait for, and is four wide whatever the machine.
 *
 * A thread takes its share of those that wait, several when many do, and answers them together.
 *
 * Hashes that were imported may take a hundred times as long as ours, and whoever imported them can have any number of them checked: where both wait, they get half of
 * the time, and so hold up the logins of nobody else.
 */
@Injectable()
export class HashingPool implements OnApplicationShutdown {
  private readonly width: number;
  private readonly threads = new Set<Worker>();
  private readonly idle: Worker[] = [];
  private readonly usual: Lane = { queue: [], spentMs: 0, jobMs: longestShareMs };
  private readonly unusual: Lane = { queue: [], spentMs: 0, jobMs: longestShareMs };
  private closed = false;
  /** How hashes begin that cost what a new one does. */
  private readonly usualHash: string;

  constructor(@Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>) {
    this.width = config.PASSWORD_HASH_THREADS ?? usualThreads(config.PASSWORD_HASH_MEMORY_KIB);
    this.usualHash = `$argon2id$v=19$m=${config.PASSWORD_HASH_MEMORY_KIB},t=${config.PASSWORD_HASH_ITERATIONS},p=${config.PASSWORD_HASH_PARALLELISM}$`;
  }

  /**
   * @param deadlineAt milliseconds since the epoch after which nobody waits for it: what is still queued then is not begun
   * @throws Failure `hashing-overloaded` when the queue is full or the deadline has passed
   */
  async run<Result>(job: HashingJob, deadlineAt = Infinity): Promise<Result> {
    const { queue } = this.isUsual(job) ? this.usual : this.unusual;
    if (this.closed || queue.length >= this.config.PASSWORD_HASH_QUEUE) throw overloaded();
    return new Promise<Result>((resolve, reject) => {
      queue.push({ job, deadlineAt, resolve: resolve as (result: unknown) => void, reject });
      this.next();
    });
  }

  /** How busy it is: threads that hash, and jobs that wait for one. */
  figures(): { busy: number; waiting: number } {
    return { busy: this.threads.size - this.idle.length, waiting: this.usual.queue.length + this.unusual.queue.length };
  }

  /**
   * Gathers what is to be hashed: resolves once all that has arrived by now has been looked at, and while jobs wait for every thread anyway, a moment later,
   * which makes nobody's answer later.
   */
  async gather(): Promise<void> {
    if (this.figures().waiting < this.width) return nextTurn();
    await delay(gatheringMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    for (const task of [...this.usual.queue.splice(0), ...this.unusual.queue.splice(0)]) task.reject(overloaded());
    await Promise.all([...this.threads].map((thread) => thread.terminate()));
  }

  private next(): void {
    for (;;) {
      const lane = this.nextLane();
      if (lane === undefined) return;
      const thread = this.idle.pop() ?? this.startThread();
      if (thread === undefined) return;
      // Who waited alone owes nothing to who comes later, but for what is under way then.
      if (this.usual.queue.length === 0 || this.unusual.queue.length === 0) this.usual.spentMs = this.unusual.spentMs = 0;
      this.give(thread, lane, this.takeShare(lane));
    }
  }

  /** The one that has had less of the time; undefined when nobody waits. */
  private nextLane(): Lane | undefined {
    for (const { queue } of [this.usual, this.unusual]) while (queue[0] !== undefined && queue[0].deadlineAt <= Date.now()) queue.shift()!.reject(overloaded());
    const waiting = [this.usual, this.unusual].filter(({ queue }) => queue.length > 0);
    return waiting.length === 2 && this.unusual.spentMs < this.usual.spentMs ? this.unusual : waiting[0];
  }

  private takeShare({ queue, jobMs }: Lane): Task[] {
    return queue.splice(0, Math.max(1, Math.min(largestShare, Math.floor(queue.length / this.width), Math.floor(longestShareMs / jobMs))));
  }

  private isUsual(job: HashingJob): boolean {
    return 'options' in job || (job.verification.kind === 'argon2' && job.verification.hash.startsWith(this.usualHash));
  }

  private give(thread: Worker, lane: Lane, share: readonly Task[]): void {
    const begun = performance.now();
    const expected = lane.jobMs * share.length;
    lane.spentMs += expected;
    const settle = (outcomes: readonly Outcome[]) => {
      const took = performance.now() - begun;
      lane.spentMs += took - expected;
      lane.jobMs = took / share.length;
      thread.off('error', fail);
      thread.off('exit', fail);
      thread.unref();
      this.idle.push(thread);
      // It goes on while those who waited are answered.
      this.next();
      for (const [place, { resolve, reject }] of share.entries()) {
        const outcome = outcomes[place]!;
        if ('error' in outcome) reject(new Error(`password hashing failed: ${outcome.error}`));
        else if ('late' in outcome) reject(overloaded());
        else resolve(outcome.result);
      }
    };
    const fail = () => {
      // Out of memory, or the process is going down. Another thread takes this one's place when the next task comes.
      thread.off('message', settle);
      for (const { reject } of share) reject(overloaded());
      this.next();
    };
    thread.once('message', settle);
    thread.once('error', fail);
    thread.once('exit', fail);
    thread.ref(); // only work keeps the process alive, a waiting thread does not
    thread.postMessage(share.map(({ job, deadlineAt }) => ({ job, deadlineAt })));
  }

  private startThread(): Worker | undefined {
    if (this.closed || this.threads.size >= this.width) return undefined;
    const thread = new Worker(new URL('./hashing-worker.js', import.meta.url), { execArgv: [] });
    this.threads.add(thread);
    thread.on('error', () => undefined); // without a listener it would end the process; the task hears of it by its own
    thread.once('exit', () => {
      this.threads.delete(thread);
      const place = this.idle.indexOf(thread);
      if (place !== -1) this.idle.splice(place, 1);
    });
    return thread;
  }
}

function overloaded() {
  return identity.identityErrors.failure('hashing-overloaded', 'Too many passwords are being checked at the moment.', { retryAfter: 1 });
}

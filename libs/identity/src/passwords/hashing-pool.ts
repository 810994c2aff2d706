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
 */
@Injectable()
export class HashingPool implements OnApplicationShutdown {
  private readonly width: number;
  private readonly threads = new Set<Worker>();
  private readonly idle: Worker[] = [];
  private readonly queue: Task[] = [];
  private closed = false;
  /** What a job of the last share took, on the clock. */
  private usualMs = longestShareMs;
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
    if (this.closed || this.queue.length >= this.config.PASSWORD_HASH_QUEUE) throw overloaded();
    return new Promise<Result>((resolve, reject) => {
      this.queue.push({ job, deadlineAt, resolve: resolve as (result: unknown) => void, reject });
      this.next();
    });
  }

  /** How busy it is: threads that hash, and jobs that wait for one. */
  figures(): { busy: number; waiting: number } {
    return { busy: this.threads.size - this.idle.length, waiting: this.queue.length };
  }

  /**
   * Gathers what is to be hashed: resolves once all that has arrived by now has been looked at, and while jobs wait for every thread anyway, a moment later,
   * which makes nobody's answer later.
   */
  async gather(): Promise<void> {
    if (this.queue.length < this.width) return nextTurn();
    await delay(gatheringMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    for (const task of this.queue.splice(0)) task.reject(overloaded());
    await Promise.all([...this.threads].map((thread) => thread.terminate()));
  }

  private next(): void {
    for (;;) {
      const task = this.queue[0];
      if (task === undefined) return;
      if (task.deadlineAt <= Date.now()) {
        this.queue.shift();
        task.reject(overloaded());
        continue;
      }
      const thread = this.idle.pop() ?? this.startThread();
      if (thread === undefined) return;
      this.give(thread, this.takeShare());
    }
  }

  /** Hashes that were imported may take a hundred times as long as ours: nobody waits behind one within a share. */
  private takeShare(): Task[] {
    const size = Math.min(largestShare, Math.floor(this.queue.length / this.width), Math.floor(longestShareMs / this.usualMs));
    const usual = this.queue.slice(0, size).findIndex(({ job }) => !this.isUsual(job));
    return this.queue.splice(0, Math.max(1, usual === -1 ? size : usual));
  }

  private isUsual(job: HashingJob): boolean {
    return 'options' in job || (job.verification.kind === 'argon2' && job.verification.hash.startsWith(this.usualHash));
  }

  private give(thread: Worker, share: readonly Task[]): void {
    const begun = performance.now();
    const settle = (outcomes: readonly Outcome[]) => {
      this.usualMs = (performance.now() - begun) / share.length;
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

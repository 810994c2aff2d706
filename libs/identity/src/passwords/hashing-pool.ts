import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Options } from '@node-rs/argon2';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { identityConfig } from '../identity.config.js';
import type { Verification } from './stored-hash.js';

/** With `verification`: does any of the passwords fit (boolean)? Without: hash the password (PHC string). */
export type HashingJob = { passwords: readonly string[]; verification: Verification } | { password: string; options: Options };

interface Task {
  job: HashingJob;
  deadlineAt: number;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

type Outcome = { result: unknown } | { error: string };

/**
 * Threads for password hashing, as many as there are cores, with a bounded queue. Threads of our own, because the pool that
 * Node.js has is also what name look-ups and files wait for, and is four wide whatever the machine.
 */
@Injectable()
export class HashingPool implements OnApplicationShutdown {
  private readonly width = availableParallelism();
  private readonly threads = new Set<Worker>();
  private readonly idle: Worker[] = [];
  private readonly queue: Task[] = [];
  private closed = false;

  constructor(@Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>) {}

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

  figures(): { busy: number; waiting: number } {
    return { busy: this.threads.size - this.idle.length, waiting: this.queue.length };
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
      this.queue.shift();
      this.give(thread, task);
    }
  }

  private give(thread: Worker, { job, resolve, reject }: Task): void {
    const settle = (outcome: Outcome) => {
      thread.off('error', fail);
      thread.off('exit', fail);
      thread.unref();
      this.idle.push(thread);
      if ('error' in outcome) reject(new Error(`password hashing failed: ${outcome.error}`));
      else resolve(outcome.result);
      this.next();
    };
    const fail = () => {
      // Out of memory, or the process is going down. Another thread takes this one's place when the next task comes.
      thread.off('message', settle);
      reject(overloaded());
      this.next();
    };
    thread.once('message', settle);
    thread.once('error', fail);
    thread.once('exit', fail);
    thread.ref(); // only work keeps the process alive, a waiting thread does not
    thread.postMessage(job);
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

import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Hold } from './hold.js';
import { UpkeepTuning } from './upkeep-tuning.js';

/** What a step did: how many of what. `more`: something may be left. */
export interface StepOutcome {
  counts: Record<string, number>;
  more: boolean;
}

/** Asked between two statements. */
export interface StepClock {
  /** Whether to leave the rest to the next step. */
  timeIsUp: () => boolean;
  /** Whether to begin nothing more, even where the next step can't go on from here: the process stops, or somebody else may begin. */
  mustStop: () => boolean;
}

/** A part of a task. */
export type Step = (clock: StepClock) => Promise<StepOutcome>;

interface Running {
  outcome: Promise<StepOutcome>;
  /** Whoever wanted it has not waited for its end. */
  isLate: boolean;
}

/** Before somebody is sent away by a process that stops. */
const restMs = 50;
const goesOn: StepOutcome = { counts: {}, more: true };

/**
 * Does the upkeep of a service's tables in steps, each task in one step at a time in all replicas. A step that takes longer
 * than whoever asked for it waits goes on; who asks for the next one waits for it, in whatever replica it runs.
 */
@Injectable()
export class UpkeepSteps implements BeforeApplicationShutdown {
  private readonly running = new Map<string, Running>();
  private readonly stop = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly tuning: UpkeepTuning,
  ) {}

  /**
   * @param budgetMs when time is up for the step
   * @returns what it did, or what the one before did that nobody waited for. `more` without counts: a step goes on
   * @throws what the step threw
   */
  async run(task: string, budgetMs: number, step: Step): Promise<StepOutcome> {
    const until = performance.now() + this.tuning.patienceMs;
    const running = this.running.get(task) ?? (await this.begin(task, budgetMs, step, until));
    if (running === undefined) return this.goesOn();
    const wasLate = running.isLate;
    const ended = await this.ends(running, until);
    if (!ended) {
      running.isLate = true;
      return this.goesOn();
    }
    if (this.running.get(task) === running) this.running.delete(task);
    const outcome = await running.outcome;
    return wasLate ? { ...outcome, more: true } : outcome;
  }

  /** Steps that run have no more time, and nobody waits for them. */
  beforeApplicationShutdown(): void {
    this.stop.abort();
  }

  /** @returns nothing when somebody else was at it all the time */
  private async begin(task: string, budgetMs: number, step: Step, until: number): Promise<Running | undefined> {
    for (;;) {
      const hold = await Hold.take(this.database, task, this.tuning);
      if (hold !== undefined) {
        const running = { outcome: this.perform(hold, budgetMs, step), isLate: false };
        running.outcome.catch(() => undefined); // whoever asks next hears of it
        this.running.set(task, running);
        return running;
      }
      if (performance.now() + this.tuning.lookMs > until || this.stop.signal.aborted) return undefined;
      await this.pause(this.tuning.lookMs);
      const here = this.running.get(task);
      if (here !== undefined) return here;
    }
  }

  private async perform(hold: Hold, budgetMs: number, step: Step): Promise<StepOutcome> {
    const end = performance.now() + budgetMs;
    const mustStop = () => hold.isLost || this.stop.signal.aborted;
    try {
      return await step({ timeIsUp: () => performance.now() >= end || mustStop(), mustStop });
    } finally {
      await hold.release();
    }
  }

  /**
   * While we stop nobody is waited for, and who hears that a step goes on asks again at once: another replica, or us. All in one that
   * takes no time, and nothing else would ever have its turn, what ends the step included.
   */
  private async goesOn(): Promise<StepOutcome> {
    if (this.stop.signal.aborted) await delay(restMs);
    return goesOn;
  }

  /** @returns whether it ended before */
  private async ends({ outcome }: Running, until: number): Promise<boolean> {
    const enough = new AbortController();
    const ended = outcome.then(() => true, () => true);
    const late = delay(Math.max(until - performance.now(), 0), false, { signal: AbortSignal.any([enough.signal, this.stop.signal]) }).catch(() => false);
    return Promise.race([ended, late]).finally(() => enough.abort());
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stop.signal }).catch(() => undefined);
  }
}

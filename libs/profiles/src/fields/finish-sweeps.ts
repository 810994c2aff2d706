import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { FieldSweep } from './field-sweep.js';
import { FieldsRepository } from './fields.repository.js';

/** Finishes what a process that died left half removed or half converted. Any number of replicas may do so at once. */
@Injectable()
export class FinishSweeps {
  /** With a million users a sweep takes longer than whoever asks for it waits. */
  private running: Promise<number> | undefined;

  constructor(
    private readonly database: Database,
    private readonly fields: FieldsRepository,
    private readonly sweep: FieldSweep,
  ) {}

  /**
   * Begins, or joins what is under way in this process.
   * @param patienceMs after that it goes on by itself
   * @returns how many fields are finished; `more`: it goes on
   */
  async execute(patienceMs?: number): Promise<{ done: number; more: boolean }> {
    this.running ??= this.finishAll().finally(() => (this.running = undefined));
    if (patienceMs === undefined) return { done: await this.running, more: false };
    const patience = new AbortController();
    const done = await Promise.race([this.running, delay(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined)]).finally(() => patience.abort());
    return { done: done ?? 0, more: done === undefined };
  }

  private async finishAll(): Promise<number> {
    let done = 0;
    for (const { realmId, name, modifiedBy } of await this.fields.leftUnswept(this.database)) {
      await this.sweep.execute(realmId, name, modifiedBy, { requestId: `sweep-${name}` });
      done += 1;
    }
    return done;
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import type { StepClock } from '#libs/platform/upkeep';
import { FieldSweep } from './field-sweep.js';
import { FieldsRepository } from './fields.repository.js';

const endless: StepClock = { timeIsUp: () => false, mustStop: () => false };

/** Finishes what a process that died left half removed or half converted. Any number of replicas may do so at once. */
@Injectable()
export class FinishSweeps {
  constructor(
    private readonly database: Database,
    private readonly fields: FieldsRepository,
    private readonly sweep: FieldSweep,
  ) {}

  /**
   * A sweep that is cut short begins anew, so that none is because of the time alone.
   * @returns how many fields are finished; `more`: some may be left
   */
  async execute({ timeIsUp, mustStop }: StepClock = endless): Promise<{ done: number; more: boolean }> {
    let done = 0;
    for (const { realmId, name, modifiedBy } of await this.fields.leftUnswept(this.database)) {
      if (timeIsUp()) return { done, more: true };
      if (!(await this.sweep.execute(realmId, name, modifiedBy, { requestId: `sweep-${name}` }, mustStop))) return { done, more: true };
      done += 1;
    }
    return { done, more: false };
  }
}

import { Injectable } from '@nestjs/common';
import { upkeepSources } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { UpkeepSteps } from '#libs/platform/upkeep';
import { Upkeep } from './upkeep.js';

const { run } = upkeepSources.membership;

@Injectable()
export class UpkeepMessages {
  constructor(
    private readonly steps: UpkeepSteps,
    private readonly upkeep: Upkeep,
  ) {}

  @Handles(run)
  async run(...[{ task, budgetMs }]: HandlerArguments<typeof run>) {
    return this.steps.run(task, budgetMs, (clock) => this.upkeep.execute(task, clock));
  }
}

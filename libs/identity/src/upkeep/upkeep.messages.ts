import { Injectable } from '@nestjs/common';
import { upkeepSources } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { UpkeepSteps } from '#libs/platform/upkeep';
import { ClearPlaces } from '../closing/clear-places.js';
import { Upkeep } from './upkeep.js';

const { run } = upkeepSources.identity;

@Injectable()
export class UpkeepMessages {
  constructor(
    private readonly steps: UpkeepSteps,
    private readonly upkeep: Upkeep,
    private readonly clearPlaces: ClearPlaces,
  ) {}

  @Handles(run)
  async run(...[{ task, budgetMs }]: HandlerArguments<typeof run>) {
    return this.steps.run(task, budgetMs, (clock) => (task === 'clear-deleted-places' ? this.clearPlaces.execute(clock.timeIsUp) : this.upkeep.execute(task, clock)));
  }
}

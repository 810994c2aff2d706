import { Module, type DynamicModule } from '@nestjs/common';
import { UpkeepSteps } from './upkeep-steps.js';
import { UpkeepTuning } from './upkeep-tuning.js';

/** Gives a service the steps of its upkeep. */
@Module({})
export class UpkeepModule {
  /** @param database the very object that the service imports itself: the same object is the same database */
  static forService({ database, tuning = new UpkeepTuning() }: { database: DynamicModule; tuning?: UpkeepTuning }): DynamicModule {
    return { module: UpkeepModule, imports: [database], providers: [{ provide: UpkeepTuning, useValue: tuning }, UpkeepSteps], exports: [UpkeepSteps] };
  }
}

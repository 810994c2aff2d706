export { upkeepEntities, upkeepMigrations } from './database/tables.js';
export { NudgedWork } from './nudged-work.js';
export { UpkeepModule } from './upkeep.module.js';
export { UpkeepSteps, type Step, type StepClock, type StepOutcome } from './upkeep-steps.js';
export { UpkeepTuning } from './upkeep-tuning.js';

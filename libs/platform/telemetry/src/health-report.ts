import type { DependencyState } from './readiness.js';

/** What the whole platform depends on, as this process sees it: its own dependencies and, over messages, those of the services it calls. */
export abstract class HealthReport {
  abstract dependencies(requestId: string): Promise<DependencyState[]>;
}

export { HealthReport } from './health-report.js';
export { Readiness, type DependencyState } from './readiness.js';
export { TelemetryModule } from './telemetry.module.js';

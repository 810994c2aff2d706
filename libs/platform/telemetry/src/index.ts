export { HealthReport } from './health-report.js';
export { Metrics, type GaugeSource } from './metrics.js';
export { isOperator, type Asking } from './operator-access.js';
export { Readiness, type DependencyState } from './readiness.js';
export { TelemetryModule } from './telemetry.module.js';

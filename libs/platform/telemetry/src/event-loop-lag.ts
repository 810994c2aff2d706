import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

/** How often it is looked at. */
const everyMs = 100;
const nanosPerMs = 1e6;
const gaugeOf = (part: string): string => `nodejs_eventloop_lag_${part}seconds`;

/** For the library's own look at the event loop, which is thrown away: never. */
export const hourMs = 3_600_000;

/**
 * How late the event loop is, under the names that dashboards know. The metrics library looks a hundred times a second, for which every process
 * is woken as often, idle or not, and takes the time between two looks for lag.
 * @param registry in which the library has its own gauges; they are replaced
 * @returns fills the gauges
 */
export function watchEventLoopLag(registry: Registry): () => void {
  const delays = monitorEventLoopDelay({ resolution: everyMs });
  delays.enable();
  registry.removeSingleMetric(gaugeOf(''));
  const parts = { min_: () => delays.min, max_: () => delays.max, mean_: () => delays.mean, p50_: () => delays.percentile(50), p90_: () => delays.percentile(90), p99_: () => delays.percentile(99) };
  registry.removeSingleMetric(gaugeOf('stddev_'));
  const gauges = Object.entries(parts).map(([part, read]) => {
    registry.removeSingleMetric(gaugeOf(part));
    return { read, gauge: new Gauge({ name: gaugeOf(part), help: `How late the event loop was since the last answer, ${part.slice(0, -1)}.`, registers: [registry] }) };
  });
  return () => {
    // Before the first look there is no figure.
    for (const { read, gauge } of gauges) gauge.set(delays.count === 0 ? 0 : Math.max(0, read() / nanosPerMs - everyMs) / 1_000);
    delays.reset();
  };
}

import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { hourMs, watchEventLoopLag } from './event-loop-lag.js';

/** Fills gauges when somebody asks for the figures. */
export interface GaugeSource {
  /** Sets them. What it can't learn in time, or throws over, is left out of that answer. */
  read: () => Promise<void> | void;
  /** Takes out what an earlier answer said, so that an old figure is never taken for a new one. */
  forget?: () => void;
}

const sourceTimeoutMs = 2_000;
/** Seconds. From an answer out of memory to one that waited for a lock. */
const durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * The figures of this process, in Prometheus' text format. A label's values come from the code (routes, subjects, error
 * codes) or the configuration, never from a request: their number is bounded, and nothing personal can be among them.
 */
@Injectable()
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  private readonly registry = new Registry();
  private readonly sources: GaugeSource[] = [];
  private watchesProcess = false;

  /** Adds what Node.js itself can tell: processor time, memory, event loop lag, garbage collection. */
  watchProcess(): void {
    if (this.watchesProcess) return;
    this.watchesProcess = true;
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: hourMs });
    this.readWhenAsked({ read: watchEventLoopLag(this.registry) });
  }

  /** The one of this name; made by the first who asks. */
  counter<Label extends string>(name: string, help: string, labels: readonly Label[] = []): Counter<Label> {
    return this.known<Counter<Label>>(name) ?? new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  /** Of durations in seconds; the one of this name, made by the first who asks. */
  durations<Label extends string>(name: string, help: string, labels: readonly Label[] = []): Histogram<Label> {
    return this.known<Histogram<Label>>(name) ?? new Histogram({ name, help, labelNames: labels, buckets: durations, registers: [this.registry] });
  }

  /** The one of this name, made by the first who asks. */
  gauge<Label extends string>(name: string, help: string, labels: readonly Label[] = []): Gauge<Label> {
    return this.known<Gauge<Label>>(name) ?? new Gauge({ name, help, labelNames: labels, registers: [this.registry] });
  }

  readWhenAsked(source: GaugeSource): void {
    this.sources.push(source);
  }

  /** Everything, now. Never rejects for what a source can't tell. */
  async text(): Promise<string> {
    await Promise.all(this.sources.map((source) => refresh(source)));
    return this.registry.metrics();
  }

  private known<Kind>(name: string): Kind | undefined {
    return this.registry.getSingleMetric(name) as Kind | undefined;
  }
}

async function refresh({ read, forget }: GaugeSource): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), sourceTimeoutMs);
  });
  try {
    forget?.();
    await Promise.race([read(), late]);
  } catch {
    forget?.();
  } finally {
    clearTimeout(timer);
  }
}

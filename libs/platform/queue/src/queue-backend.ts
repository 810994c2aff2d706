import type { FlowProducer, Job, Queue, Worker, WorkerOptions } from 'bullmq';

/** What the store keeps of a job. */
export interface JobData {
  requestId: string;
  /** W3C `traceparent` of the span that made the job. */
  traceparent?: string;
  payload: unknown;
}

export type StoredJob = Job<JobData, void>;
export type JobProcessor = (job: StoredJob) => Promise<void>;
export type WorkerSettings = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** The store that BullMQ stands on. */
export abstract class QueueBackend {
  /** False while it is known to be out of reach. */
  abstract readonly available: boolean;

  /** Resolves when it can be used for the first time; never, if the process stops before. */
  abstract whenStarted(): Promise<void>;

  /** Rejects with a reason while it can't be used. */
  abstract check(): Promise<void>;

  /** The queue of this name; always the same one. */
  abstract queue(name: string): Promise<Queue<JobData, void>>;

  /** Adds jobs that wait for others; always the same one. */
  abstract flows(): Promise<FlowProducer>;

  /** A new worker, which does not run yet. */
  abstract worker(name: string, processor: JobProcessor, settings: WorkerSettings): Promise<Worker<JobData, void>>;
}

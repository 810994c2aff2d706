import type { Queue } from 'bullmq';
import type { JobData } from './queue-backend.js';

/** Opens each queue once. One that could not be opened is thrown away: BullMQ never tries again with the same object. */
export class OpenQueues {
  private readonly queues = new Map<string, Promise<Queue<JobData, void>>>();

  constructor(
    private readonly create: (name: string) => Queue<JobData, void>,
    private readonly onError: (error: Error) => void,
  ) {}

  get(name: string): Promise<Queue<JobData, void>> {
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const opening = this.open(name);
    this.queues.set(name, opening);
    opening.catch(() => this.queues.delete(name));
    return opening;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.queues.values()].map(async (opening) => (await opening).close()));
  }

  private async open(name: string): Promise<Queue<JobData, void>> {
    const queue = this.create(name);
    queue.on('error', this.onError);
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      queue.close().catch(() => undefined);
      throw error;
    }
  }
}

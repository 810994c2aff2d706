/** Which queues' jobs a process runs. Those of others wait for a process that does. */
export class RunQueues {
  /** @param only absent: all */
  constructor(private readonly only?: readonly string[]) {}

  includes(queue: string): boolean {
    return this.only?.includes(queue) ?? true;
  }
}

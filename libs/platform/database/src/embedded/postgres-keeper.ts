import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedPostgresLog } from './embedded-postgres.js';
import { PostgresProcess } from './postgres-process.js';
import type { ServiceUser } from './service-user.js';

const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** Who ran this long is not in a loop of crashes. */
const steadyAfterMs = 30_000;
/** Replaying the write-ahead log after a power cut takes time; it is bounded by `max_wal_size`. */
const readyWithinMs = 300_000;
/** Fast shutdown takes milliseconds once its clients are gone; what is slower must not hold up the end of the process. */
const stopStepMs = 2_000;

/** Keeps the server running on one port: when it ends unasked, it is started again, so that connection pools find it where it was. */
export class PostgresKeeper {
  private running: PostgresProcess | undefined;
  private readonly stopped = new AbortController();
  private readonly onExit = () => this.running?.abandon();

  constructor(
    private readonly program: string,
    private readonly cluster: string,
    private readonly user: ServiceUser | undefined,
    private readonly log: EmbeddedPostgresLog,
    private readonly settings: Readonly<Record<string, string>> = {},
  ) {}

  /** @throws Error with Postgres's own words when it does not come up */
  async start(port: number): Promise<void> {
    process.once('exit', this.onExit);
    try {
      void this.watch(await this.launch(port), port);
    } catch (error) {
      process.off('exit', this.onExit);
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running?.stop(stopStepMs);
    this.running = undefined;
    process.off('exit', this.onExit);
  }

  private async launch(port: number): Promise<PostgresProcess> {
    const server = new PostgresProcess(this.program, this.cluster, { ...this.settings, port: String(port) }, this.user, this.log);
    this.running = server;
    try {
      await server.waitUntilReady(readyWithinMs);
    } catch (error) {
      await server.stop(stopStepMs);
      throw error;
    }
    return server;
  }

  private async watch(first: PostgresProcess, port: number): Promise<void> {
    let server: PostgresProcess | undefined = first;
    let pause = firstPauseMs;
    let since = Date.now();
    for (;;) {
      if (server !== undefined) {
        await server.ended;
        if (this.stopped.signal.aborted) return;
        this.log.warn('The embedded Postgres ended unexpectedly; starting it again.');
        pause = Date.now() - since > steadyAfterMs ? firstPauseMs : Math.min(pause * 2, longestPauseMs);
      }
      await sleep(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      if (this.stopped.signal.aborted) return;
      try {
        server = await this.launch(port);
        since = Date.now();
        this.log.info('The embedded Postgres runs again.');
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        server = undefined;
        pause = Math.min(pause * 2, longestPauseMs);
        this.log.warn(`The embedded Postgres did not start (${(error as Error).message}); trying again in ${pause} ms.`);
      }
    }
  }
}

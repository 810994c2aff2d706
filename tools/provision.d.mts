export interface ProvisionLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** A server of another program that this process started; it survives Ctrl-C in the terminal until `stop()`. */
export interface LocalServer {
  /** `nats://127.0.0.1:port` or `redis://127.0.0.1:port`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the process is gone, whoever ended it. */
  readonly exited: Promise<void>;
  /** Ends it as an operator would (SIGTERM, after 5 s SIGKILL) and waits until it is gone. */
  stop(timeoutMs?: number): Promise<void>;
  /** Ends it as a crash would (SIGKILL) and waits until it is gone. Its store stays; start again on the same port and folder. */
  kill(): Promise<void>;
}

export interface LocalServerOptions {
  /** TCP port on 127.0.0.1; 0 or absent: any free one. */
  port?: number;
  /** Its data; created where missing. A server that a killed run left on it is ended first. */
  storeDir: string;
  log?: ProvisionLog;
}

/** @throws an error named `StartupError`, whose message is one sentence for the operator */
export function provision(name: 'nats' | 'redis', options?: { log?: ProvisionLog }): Promise<{ url: string; command?: undefined } | { command: string; url?: undefined }>;

/** The program of the browser that the console is tested in. @throws as above */
export function provision(name: 'chromium', options?: { log?: ProvisionLog }): Promise<{ command: string; url?: undefined }>;

export interface NatsOptions extends LocalServerOptions {
  /** As one of several: ports on 127.0.0.1 for the others, those where they listen, and one for HTTP (`/healthz`, `/jsz`). */
  cluster?: { name: string; port: number; routes: readonly number[]; monitoringPort: number };
}

/** Starts nats-server with JetStream and `max_payload` 8 MiB; resolves when it answers. */
export function startNats(options: NatsOptions): Promise<LocalServer>;

/** Starts redis-server with `noeviction` and an append-only file; resolves when it answers. */
export function startRedis(options: LocalServerOptions): Promise<LocalServer>;

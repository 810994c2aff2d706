/** A Postgres that belongs to this process. */
export interface EmbeddedPostgres {
  /** `postgres://user:password@127.0.0.1:port/postgres`, of the superuser. Stays the same when Postgres is restarted after a crash. */
  readonly url: string;
  readonly port: number;
  /** Ends it: connections are cut, what is committed is on disk. Returns when it is gone; harmless when called twice. */
  stop(): Promise<void>;
}

/** Where the launcher says what it does; a pino logger fits. */
export interface EmbeddedPostgresLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

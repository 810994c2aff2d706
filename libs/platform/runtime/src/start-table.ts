export type TargetName = 'gateway' | 'identity' | 'profiles' | 'membership' | 'workers';

/** What a process of this name consists of and what it cannot do without. */
export interface StartEntry {
  targets: readonly TargetName[];
  /** How requests and events travel: `in-process` needs nothing, `nats` a server. */
  bus: 'in-process' | 'nats';
  /** Where jobs are queued; absent where none are made or run. */
  queue?: 'postgres' | 'redis';
  /** The only queues whose jobs run in it; absent: all. What is scheduled runs in any case. */
  runsOnly?: readonly string[];
  needs: readonly ('postgres' | 'nats' | 'redis')[];
  /** What it does less without, and goes on. */
  uses?: readonly 'redis'[];
  /** Where requests are counted for their limits; absent where none come in. */
  limits?: 'memory' | 'redis';
  /** Serves the public HTTP API. */
  http: boolean;
}

/**
 * The one table of what can be started. `docker-compose.yml`, the Kubernetes manifests and the supervisor of
 * `npm run start:services` say the same, and a test compares them.
 */
export const startTable = {
  all: { targets: ['gateway', 'identity', 'profiles', 'membership', 'workers'], bus: 'in-process', queue: 'postgres', needs: ['postgres'], limits: 'memory', http: true },
  gateway: { targets: ['gateway'], bus: 'nats', needs: ['nats'], uses: ['redis'], limits: 'redis', http: true },
  identity: { targets: ['identity'], bus: 'nats', needs: ['postgres', 'nats'], http: false },
  profiles: { targets: ['profiles'], bus: 'nats', needs: ['postgres', 'nats'], http: false },
  membership: { targets: ['membership'], bus: 'nats', needs: ['postgres', 'nats'], http: false },
  /** `npm run restore`: whoever erases, with nobody to serve. Mails and webhooks wait, and imports: who is still to be erased is in them. */
  restore: { targets: ['identity', 'profiles', 'membership', 'workers'], bus: 'in-process', queue: 'postgres', runsOnly: ['erasure'], needs: ['postgres'], http: false },
  workers: { targets: ['workers'], bus: 'nats', queue: 'redis', needs: ['postgres', 'nats', 'redis'], http: false },
} as const satisfies Record<'all' | 'restore' | TargetName, StartEntry>;

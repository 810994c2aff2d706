import { eventually, pause, type ApiAnswer, type ApiClient, type RunningPlatform } from '#libs/platform/testing';
import { answerOf, atOnce, platform, secondsSince } from './fault-world.js';
import { keyAndSecret, unique } from './platform-under-test.js';

type Call = (api: ApiClient) => Promise<ApiAnswer>;

/** One harmless request for each service: without it, that one can't be answered. Each may be repeated. */
export async function callsOfEachService(on: RunningPlatform = platform): Promise<Record<string, Call>> {
  const uid = unique('steady');
  const demo = await on.demo();
  const basic = [demo.engagement.key, demo.engagement.secret] as const;
  const bearer = (await on.api.post('/oauth2/token', { body: { grant_type: 'client_credentials', ...demo.environment.events } })).body.access_token as string;
  const { id } = (await on.api.post('/v1/users', { basic, body: { id: uid } })).body as { id: string };
  return {
    profiles: (api) => api.get(`/v1/users/${uid}`, { basic }),
    membership: (api) => api.get(`/${demo.project.slug}/users/${id}`, { headers: { 'x-api-key': demo.apiKey } }),
    identity: (api) => api.post('/oauth2/token', { body: { grant_type: 'client_credentials', ...demo.environment.events } }),
    workers: (api) => api.put('/delete-users', { bearer, body: { data: ['nobody'] } }),
  };
}

/** Resolves when every service answers, several times in a row. @returns seconds */
export async function untilServed(calls: Record<string, Call>, limitMs = 60_000): Promise<number> {
  const start = performance.now();
  await eventually(async () => {
    for (let time = 0; time < 3; time += 1) {
      const answers = await Promise.all(Object.values(calls).map((call) => answerOf(call(platform.api))));
      const refused = Object.keys(calls).filter((_, index) => answers[index]!.status >= 500 || answers[index]!.status === 0);
      if (refused.length > 0) throw new Error(`not served: ${refused.join(', ')}`);
    }
  }, limitMs);
  return secondsSince(start);
}

/** Clients that write users and read them, one request after the other each, while something is broken. */
export class Traffic {
  /** The users whose writing was acknowledged. */
  readonly acknowledged: string[] = [];
  /** Requests that were refused or cut off, and again when they were repeated. */
  readonly failed: string[] = [];
  sent = 0;
  /** Requests that were repeated, at another gateway where there is one. */
  repeated = 0;
  slowestMs = 0;
  private going = true;
  private running: Promise<void> | undefined;
  private readonly prefix: string;

  /** @param gateways those that a load balancer would ask now */
  constructor(
    name: string,
    private readonly calls: Record<string, Call>,
    private readonly gateways: () => readonly ApiClient[] = () => [platform.api],
    /** Milliseconds that a client rests between its requests. */
    private readonly restMs = 0,
    /** Another platform than the run's. */
    private readonly on: { platform: RunningPlatform; basic: readonly [string, string] } = { platform, basic: keyAndSecret },
  ) {
    this.prefix = unique(name);
  }

  start(clients = 8): this {
    this.running = atOnce(async (client) => {
      for (let next = 0; this.going; next += 1) {
        const uid = `${this.prefix}-${client}-${next}`;
        const answer = await this.request('write', (api) => api.post('/v1/users', { basic: this.on.basic, body: { id: uid, first_name: uid } }));
        if (answer.status === 200) this.acknowledged.push(uid);
        const [name, call] = Object.entries(this.calls)[next % Object.keys(this.calls).length]!;
        await this.request(name, call);
        if (this.restMs > 0) await pause(this.restMs);
      }
    }, clients);
    return this;
  }

  async stop(): Promise<void> {
    this.going = false;
    await this.running;
  }

  /** Those of the acknowledged that are not there as they were written. */
  async lost(): Promise<string[]> {
    const stored = await this.on.platform.query<{ uid: string }>('profiles', 'SELECT external_id AS uid FROM users WHERE external_id LIKE $1 AND first_name = external_id', [`${this.prefix}-%`]);
    const there = new Set(stored.map(({ uid }) => uid));
    return this.acknowledged.filter((uid) => !there.has(uid));
  }

  private async request(name: string, call: Call): Promise<{ status: number }> {
    const start = performance.now();
    const turn = (this.sent += 1);
    let last = await this.attempt(call, turn);
    if (isFailed(last)) {
      this.repeated += 1;
      const first = last.status;
      last = await this.attempt(call, turn + 1);
      if (isFailed(last)) this.failed.push(`${name}: ${first}, then ${last.status} ${JSON.stringify(last.body)}`);
    }
    this.slowestMs = Math.max(this.slowestMs, Math.round(performance.now() - start));
    return last;
  }

  private attempt(call: Call, turn: number): Promise<{ status: number; body: unknown }> {
    const gateways = this.gateways();
    return answerOf(call(gateways[turn % gateways.length]!));
  }
}

function isFailed({ status }: { status: number }): boolean {
  return status === 0 || status >= 500;
}

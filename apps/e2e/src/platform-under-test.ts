import { ApiClient, pause, queryService, type ApiAnswer, type Demo, type RunningPlatform, type Topology } from '#libs/platform/testing';

interface PlatformUnderTest {
  topology: Topology;
  /** How long and how often the fault suite breaks things. `tried` is short, of those too that `npm test` leaves out. */
  faults: 'short' | 'tried' | 'whole';
  /** A file for what the fault suite has seen. */
  faultsReport?: string;
  url: string;
  dataDir: string;
  databaseUrl: string;
  demo: Demo;
  /** Where an identity provider that the platform may ask is to listen. */
  ssoPort: number;
  /** Where a receiver of webhooks is to listen that the platform may send to. */
  webhookPort: number;
  /** Where a collector of traces is to listen that the platform sends to. */
  tracePort: number;
}

const given = process.env['ROLLCALL_UNDER_TEST'];
if (given === undefined) throw new Error('The end-to-end specs need the running platform that their global set-up starts: run `npm test -- --only=e2e`.');

/** The platform that this run's specs share. Each spec uses names of its own in it. */
export const platform = JSON.parse(given) as PlatformUnderTest;
export const api = new ApiClient(platform.url);

const { engagement, project } = platform.demo;
/** Basic authentication of surface B: the key alone, and with its secret. */
export const keyOnly = [engagement.key, ''] as const;
export const keyAndSecret = [engagement.key, engagement.secret] as const;
export const projectSlug = project.slug;

/** A Bearer token of surface A. */
export async function environmentToken(role: 'events' | 'workbench' = 'events'): Promise<string> {
  const { client_id, client_secret } = platform.demo.environment[role];
  const answer = await api.post('/oauth2/token', { body: { grant_type: 'client_credentials', client_id, client_secret } });
  return answer.body.access_token as string;
}

/** The demo's org_admin, logged in. */
export async function adminToken(): Promise<string> {
  const { email, password } = platform.demo.admin;
  const answer = await api.post('/v1/auth/login', { body: { email, password } });
  return answer.body.access_token as string;
}

/** The same platform with its processes: the run has one worker, which is the process that started it. Leave it whole: `restore()`. */
export const running = (globalThis as unknown as { rollcall: RunningPlatform }).rollcall;

/** All gateways there can be for one database: two over the bus, of which the second is gone after `running.restore()`. */
export async function allGateways(): Promise<ApiClient[]> {
  return platform.topology === 'services' ? [api, await running.addGateway()] : [api];
}

/** Asked again while the answer is 503, as a client does; where that is not harmless, with an `Idempotency-Key`. */
export async function unlessBusy(ask: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    if ((answer.status !== 503 && answer.body?.code !== 'idempotency-key-in-use') || attempt === 30) return answer;
    await pause(Number(answer.headers.get('retry-after') ?? 1) * 1_000);
  }
}

let counter = 0;
/** A name that no other spec of the run uses. */
export function unique(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${counter}`;
}

/** Asks a service's own database, to make what no client can, or to see what no API shows. */
export function query<Row extends object>(service: string, text: string, parameters: unknown[] = []): Promise<Row[]> {
  return queryService<Row>(platform.databaseUrl, service, text, parameters);
}

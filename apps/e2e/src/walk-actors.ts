import { eventually, pause, type ApiAnswer, type ApiRequest } from '#libs/platform/testing';
import { atOnce, platform } from './fault-world.js';
import { platform as given, unique } from './platform-under-test.js';

const password = 'correct horse battery';
const emptyHash = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const numbered = (prefix: string, count: number, suffix = '') => Array.from({ length: count }, (_, number) => `${prefix}${number}${suffix}`);

/** Few, so that what actors do meets what others do. */
const uids = numbered('u', 12);
const emails = numbered('e', 8, '@walk.example.com');
const names = numbered('name', 6);

/** Of each rule, whether a user fits it by what surface B shows of them and how often they paid. */
export const segments: Record<string, { rule: object; fits: (user: Shown, paid: number) => boolean }> = {
  pro: { rule: { 'attributes.plan': 'pro' }, fits: ({ meta }) => meta['plan'] === 'pro' },
  high: { rule: { 'attributes.level': { $gte: 5 } }, fits: ({ meta }) => Number(meta['level'] ?? 0) >= 5 },
  free: { rule: { $not: { 'attributes.plan': 'pro' }, email: { $exists: true } }, fits: ({ meta, email }) => meta['plan'] !== 'pro' && email !== null },
  paid: { rule: { events: { $count: { event: 'Paid' }, $gte: 2 } }, fits: (_user, paid) => paid >= 2 },
};

export interface Shown {
  id: string;
  uid: string;
  first_name: string | null;
  email: string | null;
  number: string | null;
  meta: Record<string, unknown>;
  segments: { id: string }[];
}

/** A write of a value that no other write has. `from` and `to` count requests; to infinity: nobody answered. */
interface Write {
  userId: string;
  field: string;
  value: string;
  from: number;
  to: number;
}

/** A project of its own, and actors who do anything to its users. What an actor chooses follows from the seed; how they meet does not. */
export class Walk {
  readonly mark = unique('walk').replace(/[^a-z0-9]/g, '');
  readonly writes: Write[] = [];
  /** Answers that are always a mistake. */
  readonly mistakes: string[] = [];
  requests = 0;
  readonly segmentIds: Record<string, string> = {};
  readonly root = { 'x-api-key': given.demo.superAdmin.apiKey };
  projectId = '';
  basic: readonly [string, string] = ['', ''];
  bearer = '';
  private readonly known: string[] = [];
  private values = 0;
  private going = true;

  constructor(readonly seed: number) {}

  async begin(): Promise<void> {
    const make = async (path: string, body: object) => (await platform.api.post(`/v1/admin/${path}`, { headers: this.root, body })).body as Record<string, string>;
    this.projectId = (await make('projects', { org_id: given.demo.org.id, name: this.mark, slug: this.mark }))['project_id']!;
    const { key, secret } = await make(`projects/${this.projectId}/engagement-keys`, {});
    this.basic = [key!, secret!];
    const { client_id, client_secret } = await make(`projects/${this.projectId}/api-clients`, { name: 'walk', roles: ['events', 'workbench'] });
    this.bearer = (await platform.api.post('/oauth2/token', { body: { grant_type: 'client_credentials', client_id, client_secret } })).body.access_token as string;
    const fields = [{ name: 'plan', label: 'Plan', type: 'text' }, { name: 'level', label: 'Level', type: 'number' }];
    await platform.api.put(`/v1/admin/projects/${this.projectId}/custom-fields`, { headers: this.root, body: { fields } });
    for (const [name, { rule }] of Object.entries(segments)) this.segmentIds[name] = (await make(`projects/${this.projectId}/segments`, { name, rule }))['segment_id']!;
  }

  /** Until `stop`. */
  async go(actors = 8): Promise<void> {
    await atOnce(async (actor) => {
      const choices = new Choices(this.seed + actor);
      while (this.going) await this.act(choices);
    }, actors);
  }

  stop(): void {
    this.going = false;
  }

  /** Asked of the platform when it is whole. @throws what a client never has to see */
  get = (path: string, request: ApiRequest) => eventually(async () => {
    const answer = await platform.api.get(path, request);
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  });

  private async act(choose: Choices): Promise<void> {
    const [uid, other, email, id] = [choose.of(uids), choose.of(uids), choose.of(emails), this.known.length > 0 ? choose.of(this.known) : this.projectId];
    const { basic, root: headers, bearer } = this;
    const meta = { ...(choose.chance(0.5) ? { plan: choose.of(['pro', 'free', null]) } : {}), ...(choose.chance(0.4) ? { level: choose.of([1, 5, 9, null]) } : {}) };
    const fresh = this.fresh();
    const roles = choose.of([[], ['viewer'], ['editor', 'viewer']]);
    const c = `/${this.mark}/users`;
    // Often first; what takes users away less often, or there would soon be none.
    const act = choose.of<() => Promise<unknown>>([
      ...Array<() => Promise<unknown>>(3).fill(() => this.write('POST', '/v1/users', { basic, body: { id: uid, first_name: fresh, meta, ...(choose.chance(0.3) ? { email } : {}) } }, fresh, 'first_name')),
      ...Array<() => Promise<unknown>>(3).fill(() => this.write('PUT', `/v1/users/${uid}`, { basic, body: { number: fresh, meta, ...(choose.chance(0.2) ? { email: choose.of([email, null]) } : {}) } }, fresh, 'number')),
      ...Array<() => Promise<unknown>>(3).fill(() => this.write('PUT', `${c}/${id}`, { headers, body: { firstName: fresh, attributes: meta, ...choose.of([{}, { email }, { username: choose.of(names) }, { roles }]) } }, fresh, 'first_name')),
      ...Array<() => Promise<unknown>>(3).fill(() => this.send('POST', `/v1/users/${uid}/events`, { basic, body: { event: choose.of(['Paid', 'Saw']), properties: { what: fresh }, ...(choose.chance(0.3) ? { id: `ev${choose.below(40)}` } : {}) } })),
      () => this.send('POST', '/v1/users/events/batch', { basic, body: { events: [uid, other].map((one) => ({ uid: one, event: 'Paid', properties: { what: fresh } })) } }),
      () => this.send('POST', '/users', { bearer, body: { users: [...new Set([uid, other])].map((one) => ({ id: one, profile: { city: fresh, ...meta }, recreate: choose.chance(0.3) })) } }),
      () => this.write('POST', `${c}/register`, { headers, body: { username: choose.of([choose.of(names), fresh]), email: choose.of([email, `${fresh}@walk.example.com`]), password, roles } }, fresh),
      () => this.send('POST', `${c}/${id}/status`, { headers, body: { isActive: choose.chance(0.6) } }),
      () => this.send('POST', `${c}/${id}/change-password`, { headers, body: { password } }),
      () => this.send('POST', `${c}/login`, { body: { username: choose.of([...names, email]), password } }),
      () => this.send('POST', `/v1/admin/projects/${this.projectId}/users/import-credentials`, { headers, body: { users: [{ uid, email, password_hash: emptyHash }] } }),
      () => this.send('POST', `/v1/admin/projects/${this.projectId}/imports?type=users`, { headers: { ...headers, 'content-type': 'application/x-ndjson' }, raw: `${JSON.stringify({ id: uid, last_name: fresh })}\n${JSON.stringify({ id: other, email })}\n` }),
      () => this.send('POST', '/v1/users/merge', { basic, body: { source: uid, destination: other } }),
      () => this.send('POST', `/v1/users/${uid}/accounts`, { basic, body: { accounts: [{ id: other, role: fresh }] } }),
      () => this.send('DELETE', `/v1/users/${uid}`, { basic }),
      () => this.send('DELETE', `${c}/${id}`, { headers }),
    ]);
    await act();
  }

  /** @param field of surface B that it sets to the value, and that nothing else of a walk writes but these; none: it is about no such field */
  private async write(method: string, path: string, request: ApiRequest, value: string, field = 'none'): Promise<void> {
    const from = (this.requests += 1);
    const { status, body } = await this.send(method, path, request);
    const userId = (body?.id ?? body?.result) as string | undefined;
    if (userId === undefined || status >= 300) return;
    if (!this.known.includes(userId)) this.known.push(userId);
    if (this.known.length > 40) this.known.shift();
    this.writes.push({ userId, field, value, from, to: (this.requests += 1) });
  }

  private async send(method: string, path: string, request: ApiRequest): Promise<{ status: number; body: ApiAnswer['body'] }> {
    this.requests += 1;
    try {
      return await platform.api.send(method, path, request);
    } catch (error) {
      // Of a process that was killed nobody hears; what is no answer of the contract is told by another error, a 500 too.
      if (!(error instanceof TypeError) && (error as Error).name !== 'TimeoutError') this.mistakes.push(String(error));
      await pause(50);
      return { status: 0, body: undefined };
    }
  }

  private fresh(): string {
    return `${this.mark}v${(this.values += 1)}x`;
  }
}

/** The same choices for the same seed (mulberry32). */
export class Choices {
  constructor(private state: number) {}

  below(count: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  }

  of<T>(some: readonly T[]): T {
    return some[this.below(some.length)] as T;
  }

  chance(probability: number): boolean {
    return this.below(1_000) < probability * 1_000;
  }
}

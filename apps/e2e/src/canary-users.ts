import { expect } from '@jest/globals';
import { eventually, type ApiAnswer, type ApiRequest } from '#libs/platform/testing';
import { canary } from './canary-files.js';
import { platform } from './fault-world.js';
import { mailWithToken } from './mails.js';
import { keyAndSecret as basic, keyOnly, platform as given, projectSlug, unlessBusy } from './platform-under-test.js';

/** Of the first staff member: they are counted from here on. */
export const firstStaff = 5_000;

/** One request that was sent about a user, so that it can be sent again. */
interface Sent {
  method: string;
  path: string;
  request: ApiRequest;
}

/** Users with values in every store. What makes them differ is the last digit of their number. */
export class CanaryUsers {
  /** Ids of ours, by number; of accounts under `account <number>`. */
  readonly ids = new Map<number | string, string>();
  private readonly sent = new Map<number, Sent[]>();
  private readonly orgAdmin = { 'x-api-key': given.demo.apiKey };
  private readonly inProject = `/v1/admin/projects/${given.demo.project.id}`;

  constructor(private readonly environmentToken: string) {}

  uid(number: number): string {
    return `uid-${canary(number)}`;
  }

  /** Some users are in an account of their own, which is a user too. */
  account(number: number): string | undefined {
    return number < firstStaff && [4, 5].includes(number % 10) ? `account-${canary(number)}` : undefined;
  }

  email(number: number): string {
    return `${canary(number)}@example.com`;
  }

  /** A user of the project, with a profile, attributes, a device, lists, events and whatever their kind has besides. */
  async customer(number: number): Promise<void> {
    const [uid, mine] = [this.uid(number), canary(number)];
    const body = {
      id: uid, first_name: `first ${mine}`, last_name: `last ${mine}`, email: this.email(number), number: `+43${mine}`, device_token: `token-${mine}`, device_platform: 'ios',
      meta: { note: `meta ${mine}`, long: `${mine} `.repeat(200) },
    };
    const { id } = await this.ok(number, 'POST', '/v1/users', { basic: keyOnly, body, headers: { 'idempotency-key': `key-${mine}` } });
    this.ids.set(number, id as string);
    await this.ok(number, 'POST', `/v1/users/${uid}/events`, { basic, body: { id: `event-${mine}`, event: 'Saw', value: mine, properties: { where: mine } } });
    await this.ok(number, 'POST', '/v1/users/events/batch', { basic, body: { events: [{ uid, id: `batch-${mine}`, event: 'Saw', properties: { where: mine } }] } });
    await this.ok(number, 'POST', '/users', { bearer: this.environmentToken, body: { users: [{ id: uid, profile: { city: `city ${mine}` }, preferences: { notificationsEnabled: false } }] } });
    await this.ok(number, 'PUT', `/v1/users/${uid}`, { basic, body: { last_name: `later ${mine}`, meta: { second: `second ${mine}` } } });
    // What is looked for stands in no log.
    await this.ok(undefined, 'GET', `/v1/users?email=${this.email(number)}`, { basic });
    const kind = number % 10;
    if (kind <= 1) await this.login(number);
    if (kind === 2 || kind === 3) await this.changed(number);
    if (this.account(number) !== undefined) await this.inAccount(number);
    if (kind === 6 || kind === 7) await this.merged(number);
    if (kind >= 8) await this.imported(number);
  }

  /** A file with a row for each, one that is wrong, and an event. @returns counts of its users */
  async file(numbers: readonly number[]): Promise<{ created: number; updated: number; failed: number }> {
    const rows = numbers.flatMap((number) => [
      { id: this.uid(number), notes: `file ${canary(number)}`, attributes: { file: `file ${canary(number)}` } },
      { id: `wrong-${canary(number)}`, email: `no mail ${canary(number)}`, [`field ${canary(number)}`]: canary(number) },
    ]);
    const users = await this.import('users', rows);
    await this.import('events', numbers.map((number) => ({ uid: this.uid(number), event: 'Saw a file', value: canary(number), properties: { where: canary(number) } })));
    return users;
  }

  private async import(type: 'users' | 'events', rows: readonly object[]): Promise<{ created: number; updated: number; failed: number }> {
    const raw = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const { import_id } = await this.ok(undefined, 'POST', `${this.inProject}/imports?type=${type}`, { headers: { ...this.orgAdmin, 'content-type': 'application/x-ndjson' }, raw });
    return eventually(async () => {
      const { body } = await platform.api.get(`${this.inProject}/imports/${import_id}`, { headers: this.orgAdmin });
      expect(body).toMatchObject({ state: 'done' });
      // What was wrong names fields, and the file's are anything.
      expect((await platform.api.get(`${this.inProject}/imports/${import_id}/errors`, { headers: this.orgAdmin })).status).toBe(200);
      return body as { created: number; updated: number; failed: number };
    }, 60_000);
  }

  /** Somebody of the staff, by invitation; some never accept it. */
  async staff(number: number): Promise<void> {
    const { user } = await this.ok(undefined, 'POST', '/v1/admin/users/invite', { headers: this.orgAdmin, body: { user_email: this.email(number), role: 'member', org_id: given.demo.org.id } });
    this.ids.set(number, (user as { user_id: string }).user_id);
    const { token } = await mailWithToken(this.email(number));
    if (number % 4 > 1) return;
    await this.ok(number, 'POST', '/v1/auth/invitations/accept', { body: { token, password: `pw ${canary(number)}`, user_name: `staff ${canary(number)}` } });
    const { access_token } = await this.ok(number, 'POST', '/v1/auth/login', { body: { email: this.email(number), password: `pw ${canary(number)}` }, headers: { 'user-agent': `agent ${canary(number)}` } });
    await this.ok(number, 'PATCH', '/v1/admin/users/me', { bearer: access_token as string, body: { user_name: `renamed ${canary(number)}`, preferences: { theme: `theme ${canary(number)}` } } });
    await this.ok(undefined, 'GET', `/v1/admin/users?org_id=${given.demo.org.id}&search=${canary(number)}`, { headers: this.orgAdmin });
  }

  /** Sends everything again that was sent about the user and does not mean somebody new. @returns what was not refused */
  async replay(number: number): Promise<string[]> {
    const taken: string[] = [];
    for (const { method, path, request } of this.sent.get(number) ?? []) {
      const { status, body } = await platform.api.send(method, path, request);
      // Of many at once each is answered by itself.
      const text = JSON.stringify(body ?? '');
      const isRefused = status >= 400 && status < 500 || (/batch$|import-credentials$/.test(path) && !/"status":"(ok|imported)"/.test(text));
      if (!isRefused) taken.push(`${method} ${path} ${status} ${text}`.replaceAll(canary(number), '…'));
    }
    return taken;
  }

  /** All that can be asked about them, as text. What of it grows by being asked is left out. */
  async told(number: number): Promise<string> {
    const id = this.ids.get(number)!;
    const own = number < firstStaff ? [api(`/v1/users/${this.uid(number)}`), api(`/v1/users/${this.uid(number)}/events?limit=100`)] : [platform.api.get(`/v1/admin/users/${id}`, { headers: this.orgAdmin }), platform.api.get(`/v1/admin/users/${id}/memberships`, { headers: this.orgAdmin })];
    const exported = await platform.api.get(`/v1/admin/users/${id}/export${number < firstStaff ? `?project_id=${given.demo.project.id}` : ''}`, { headers: this.orgAdmin });
    expect([number, exported.status]).toEqual([number, 200]);
    const lines = exported.text.split('\n').filter((line) => line !== '' && !/"kind":"(export|end)"|"user\.exported"/.test(line));
    return [...(await Promise.all(own)).map(({ text }) => text), ...lines].join('\n');
  }

  private async login(number: number): Promise<void> {
    const [id, password] = [this.ids.get(number)!, `pw ${canary(number)}`];
    await this.ok(number, 'POST', `/${projectSlug}/users/${id}/change-password`, { headers: this.orgAdmin, body: { password } });
    await this.ok(number, 'PUT', `/${projectSlug}/users/${id}`, { headers: this.orgAdmin, body: { username: `name-${canary(number)}`, notes: `notes ${canary(number)}`, roles: ['viewer'] } });
    const logIn = (username: string, word: string) => unlessBusy(() => platform.api.post(`/${projectSlug}/users/login`, { body: { username, password: word }, headers: { 'user-agent': `agent ${canary(number)}` } }));
    expect((await logIn(`name-${canary(number)}`, password)).status).toBe(200);
    this.remember(number, { method: 'POST', path: `/${projectSlug}/users/login`, request: { body: { username: this.email(number), password } } });
    if (number % 40 > 1) return; // they are counted for each address
    expect((await logIn(this.email(number), `wrong ${canary(number)}`)).status).toBe(401);
    expect((await platform.api.post('/v1/auth/password/forgot', { body: { email: this.email(number), project: projectSlug } })).status).toBeLessThan(300);
  }

  private async changed(number: number): Promise<void> {
    const body = { firstName: `changed ${canary(number)}`, notes: `notes ${canary(number)}`, attributes: { favourite: `thing ${canary(number)}` } };
    await this.ok(number, 'PUT', `/${projectSlug}/users/${this.ids.get(number)}`, { headers: this.orgAdmin, body });
    await this.ok(undefined, 'GET', `/${projectSlug}/users?search=${canary(number)}`, { headers: this.orgAdmin });
  }

  private async inAccount(number: number): Promise<void> {
    const account = this.account(number)!;
    const { id } = await this.ok(undefined, 'POST', '/v1/users', { basic, body: { id: account, first_name: `account ${canary(number)}` } });
    this.ids.set(`account ${number}`, id as string);
    await this.ok(undefined, 'POST', `/v1/users/${account}/convert`, { basic, body: { type: 'account' } });
    await this.ok(number, 'POST', `/v1/users/${this.uid(number)}/accounts`, { basic, body: { accounts: [{ id: account, role: `role ${canary(number)}` }] } });
  }

  private async merged(number: number): Promise<void> {
    const source = `source-${canary(number)}`;
    await this.ok(undefined, 'POST', '/v1/users', { basic, body: { id: source, device_token: `old-${canary(number)}`, device_platform: 'android', meta: { old: `old ${canary(number)}` } } });
    await this.ok(number, 'POST', `/v1/users/${source}/events`, { basic, body: { id: `old-${canary(number)}`, event: 'Saw', properties: { where: canary(number) } } });
    await this.ok(number, 'POST', '/v1/users/merge', { basic, body: { source, destination: this.uid(number) } });
  }

  private async imported(number: number): Promise<void> {
    const users = [{ uid: this.uid(number), email: this.email(number), user_name: `imported-${canary(number)}`, password_hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' }];
    expect(await this.ok(number, 'POST', `${this.inProject}/users/import-credentials`, { headers: this.orgAdmin, body: { users } })).toMatchObject({ imported: 1 });
  }

  /** @param number whose request it is to be sent again; undefined for one that means somebody new, or changes nothing */
  private async ok(number: number | undefined, method: string, path: string, request: ApiRequest): Promise<ApiAnswer['body']> {
    const answer = await unlessBusy(() => platform.api.send(method, path, request));
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    if (number !== undefined) this.remember(number, { method, path, request });
    return answer.body;
  }

  private remember(number: number, sent: Sent): void {
    this.sent.set(number, [...(this.sent.get(number) ?? []), sent]);
  }
}

const api = (path: string) => platform.api.get(path, { basic });

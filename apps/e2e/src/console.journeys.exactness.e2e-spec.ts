import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually, pause } from '#libs/platform/testing';
import { Visitor, startBrowser } from './console-browser.js';
import { api, keyAndSecret, keyOnly, platform, unique } from './platform-under-test.js';
import { newOrgAdmin } from './staff.js';

const { admin, org, project, superAdmin } = platform.demo;
const headers = { 'x-api-key': superAdmin.apiKey };
const segments = `/v1/admin/projects/${project.id}/segments`;

let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  visitor = await Visitor.enter(browser);
  page = visitor.page;
  await page.clock.install();
  await visitor.go(`/projects/${project.id}/lists`);
  await visitor.logIn(admin.email, admin.password);
  await page.getByRole('heading', { name: 'Lists', level: 1 }).waitFor();
});
afterAll(async () => {
  await browser?.close();
});
afterEach(async () => {
  await page.unrouteAll();
  expect(visitor.takeTroubles()).toEqual([]);
});

/** Nothing is asked for any more that is about to be removed. */
const leave = () => page.goto('about:blank');

describe('a segment', () => {
  const text = () => page.getByLabel('Rule', { exact: true });

  it.each([
    ['rows', { phone: { $eq: '4912345' } }],
    ['rows', { $and: [{ 'attributes.code': { $eq: '007' } }, { 'attributes.said': { $in: [' a ', '"a"', 'true'] } }] }],
    ['text', { city: { $in: ['Paris, TX', 'Rome'] } }],
    ['text', { city: { $eq: ' a ' } }],
    ['text', { first_name: { $eq: '' } }],
    ['text', { 'attributes.size': { $gt: 1e21 } }],
    ['text', { events: { $count: { event: 'Signed up ' }, $gte: 1 } }],
  ])('whose rule says more or less than rows can is shown as its JSON, any other as what it says: %s, %j', async (how, rule) => {
    const made = await api.post(segments, { headers, body: { name: unique('exact'), rule } });
    expect(made.status).toBe(201);
    await visitor.go(`/projects/${project.id}/segments/${made.body.segment_id}`);
    await page.getByRole('radiogroup', { name: 'How to write the rule' }).waitFor();
    expect(await text().count()).toBe(how === 'rows' ? 0 : 1);
    if (how === 'rows') await page.getByText('JSON', { exact: true }).click();
    expect(JSON.parse(await text().inputValue())).toEqual(rule);
    await page.getByRole('heading', { name: 'Members' }).waitFor();
    await leave();
    await api.delete(`${segments}/${made.body.segment_id}`, { headers });
  });

  it('that is only called something else keeps its rule, also the one that somebody else gave it meanwhile', async () => {
    const path = `${segments}/${(await api.post(segments, { headers, body: { name: unique('before'), rule: { phone: '4912345' } } })).body.segment_id}`;
    const sent: unknown[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') sent.push(request.postDataJSON());
    });
    await visitor.go(`/projects/${project.id}/segments/${path.split('/').at(-1)}`);
    const name = unique('after');
    await page.getByLabel('Name', { exact: true }).fill(name);
    await api.patch(path, { headers, body: { rule: { city: 'Rome' } } });
    await page.getByRole('button', { name: 'Save the changes' }).click();
    await page.getByText('The segment is saved.').waitFor();
    expect(sent).toEqual([{ name }]);
    // What is saved is not typed any more: the rule as it is now, changed.
    expect(await page.getByLabel('Value').inputValue()).toBe('Rome');
    await page.getByLabel('Value').fill('Oslo');
    await page.getByRole('button', { name: 'Save the changes' }).click();
    await eventually(async () => expect((await api.get(path, { headers })).body).toMatchObject({ name, rule: { city: { $eq: 'Oslo' } } }));
    expect(sent.at(-1)).toEqual({ rule: { city: { $eq: 'Oslo' } } });
    page.removeAllListeners('request');
    await leave();
    await api.delete(path, { headers });
  });
});

describe('another project', () => {
  it('shows none of the users of the one before while its own are on their way', async () => {
    const first = unique('Before');
    const { id } = (await api.post('/v1/users', { basic: keyAndSecret, body: { id: unique('before'), first_name: first } })).body;
    for (const n of [1, 2]) await api.post('/v1/users', { basic: keyAndSecret, body: { id: unique(`beside-${n}`) } });
    const slug = unique('next');
    const own = (await api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: slug, slug } })).body.project_id as string;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(({ pathname }) => pathname === `/${own}/users`, async (route) => {
      await held;
      await route.continue();
    });
    await visitor.go(`/projects/${project.id}`);
    await page.getByRole('main').getByText(first).waitFor();
    await page.getByRole('button', { name: /switch to another$/ }).click();
    await page.getByRole('option', { name: slug }).click();
    await page.getByRole('heading', { name: slug, level: 1 }).waitFor();
    expect(await page.getByRole('main').getByText(first).count()).toBe(0);
    letGo();
    await page.getByText('Send your first user').waitFor();
    await leave();
    await api.delete(`/${project.slug}/users/${id}`, { headers });
    expect((await api.delete(`/v1/admin/projects/${own}`, { headers })).status).toBe(204);
  });
});

describe('another organisation', () => {
  it('shows none of the people whom the same search found in the one before while its own are on their way', async () => {
    const own = '01890000-0000-7000-8000-000000000000';
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let isAsked = false;
    await page.route(({ pathname, searchParams }) => pathname === '/v1/admin/users' && searchParams.get('org_id') === own, async (route) => {
      isAsked = true;
      await held;
      await route.fulfill({ json: { users: [], next_cursor: null } });
    });
    const search = encodeURIComponent(admin.email);
    await visitor.go(`/orgs/${org.id}/people?search=${search}`);
    const found = page.getByRole('main').getByText(admin.email);
    await found.first().waitFor();
    // As the way back does, over several pages at once.
    await page.evaluate(`history.pushState({}, '', '/console/orgs/${own}/people?search=${search}')`);
    await eventually(() => expect(isAsked).toBe(true));
    expect(await found.count()).toBe(0);
    letGo();
    await page.getByText('Nobody fits').waitFor();
    await page.waitForLoadState('networkidle');
    // The organisation is not one of theirs.
    expect(visitor.takeTroubles().filter((trouble) => !/40[34]/.test(trouble))).toEqual([]);
  });
});

describe('a time line', () => {
  let path = '';
  beforeAll(async () => {
    const uid = unique('early');
    const { id } = (await api.post('/v1/users', { basic: keyAndSecret, body: { id: uid } })).body;
    await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event: 'Woke up' } });
    path = `/projects/${project.id}/users/${id}?tab=timeline`;
  });

  it('says 00:05 at five past midnight, also where a browser counts such hours from 1 to 24 unless it is told otherwise', async () => {
    const tab = await visitor.context.newPage();
    await tab.addInitScript('{ const Own = Intl.DateTimeFormat; Intl.DateTimeFormat = class extends Own { constructor(of, { hour12, ...as } = {}) { super(of, { ...as, ...(hour12 === false ? { hourCycle: "h24" } : { hour12 }) }); } }; }');
    const early = await page.evaluate<string>('new Date(new Date().setHours(0, 5, 0, 0)).toISOString()');
    await tab.route(({ pathname }) => /\/users\/[^/]+\/events$/.test(pathname), async (route) => {
      const response = await route.fetch();
      const { events, ...rest } = (await response.json()) as { events: object[] };
      await route.fulfill({ response, json: { ...rest, events: events.map((event) => ({ ...event, timestamp: early })) } });
    });
    await tab.goto(`${platform.url}/console${path}`);
    await tab.getByRole('tab', { name: 'Time line' }).click();
    const when = tab.getByRole('listitem').filter({ hasText: 'Woke up' }).locator('time');
    expect(await when.innerText()).toBe('00:05');
    await tab.close();
  });

  it('names the days of its chart as they are counted, also west of where they begin', async () => {
    const session = await visitor.context.newCDPSession(page);
    await session.send('Emulation.setTimezoneOverride', { timezoneId: 'America/New_York' });
    await visitor.go(path);
    await page.getByRole('tab', { name: 'Time line' }).click();
    const figure = page.getByRole('figure');
    await figure.waitFor();
    const today = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date());
    expect(await figure.getByText(today, { exact: true }).count()).toBe(1);
    await session.send('Emulation.setTimezoneOverride', { timezoneId: '' });
    await session.detach();
  });
});

describe('somebody else', () => {
  it('who is logged in when a tab renews its session finds nothing there of who was before', async () => {
    const next = await newOrgAdmin(org.id);
    const tab = await Visitor.enter(browser);
    await tab.page.clock.install();
    await tab.page.route('**/v1/auth/browser/login', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), expires_in: 30 } });
    });
    await tab.go(`/projects/${project.id}/lists`);
    await tab.logIn(admin.email, admin.password);
    const person = tab.page.getByRole('button', { name: /your account and settings$/ });
    await person.getByText(admin.email).first().waitFor();
    await tab.page.getByRole('button', { name: 'New list' }).first().click();
    await tab.page.getByRole('dialog').getByLabel('Name').fill('Typed by who was before');
    // As another tab does whose word is missed.
    const login = await tab.context.request.post(`${platform.url}/v1/auth/browser/login`, { headers: { 'x-csrf-protection': '1' }, data: { email: next.email, password: next.password } });
    expect(login.status()).toBe(200);
    await tab.page.clock.fastForward(16_000);
    await tab.page.evaluate('window.dispatchEvent(new Event("visibilitychange"))');
    await person.getByText(next.email).first().waitFor();
    await tab.page.getByRole('heading', { name: 'Lists', level: 1 }).waitFor();
    expect(await tab.page.getByRole('dialog').count()).toBe(0);
    expect(tab.takeTroubles()).toEqual([]);
    await tab.context.close();
  });
});

describe('the page of an erasure', () => {
  const job = '01890000-0000-7000-8000-000000000000';
  const asked = async (answer: () => { status: number; json: object }) => {
    let times = 0;
    await page.route(`**/v1/admin/erasures/${job}`, async (route) => {
      times += 1;
      await route.fulfill(answer());
    });
    await visitor.go(`/projects/${project.id}/erasures/${job}`);
    return () => times;
  };

  it.each([
    [403, 'You may not see this'],
    [404, 'There is no such thing here'],
  ])('that is refused with %i is not asked for again', async (status, text) => {
    const times = await asked(() => ({ status, json: { status, code: 'refused', detail: 'Not for you.' } }));
    await page.getByText(text).waitFor();
    await page.clock.runFor(5_000);
    await pause(500);
    expect(times()).toBe(1);
    expect(visitor.takeTroubles().filter((trouble) => !trouble.includes(String(status)))).toEqual([]);
  });

  it('shows the receipt of the removal once there is one, and asks no more', async () => {
    const done = { job_id: job, state: 'done', users: 1, requested_at: '2026-01-01T00:00:00.000Z', finished_at: '2026-01-01T00:01:00.000Z', services: [], receipt: { sequence: 1 } };
    let answer: object = done;
    const times = await asked(() => ({ status: 200, json: answer }));
    await page.getByText('Not yet. Another receipt says when.').waitFor();
    await page.clock.runFor(5_000);
    await pause(500);
    expect(times()).toBe(1);
    answer = { ...done, removal_receipt: { sequence: 2 } };
    await page.clock.runFor(30_000);
    await page.getByText('Not yet. Another receipt says when.').waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Download the receipt' }).count()).toBe(2);
    const last = times();
    await page.clock.runFor(120_000);
    await pause(500);
    expect(times()).toBe(last);
  });
});

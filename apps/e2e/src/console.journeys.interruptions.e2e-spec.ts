import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually, pause, testKeyPair } from '#libs/platform/testing';
import { Visitor, hostByName, startBrowser } from './console-browser.js';
import { api, keyAndSecret, platform, unique } from './platform-under-test.js';

const { admin, org, project, superAdmin } = platform.demo;
const headers = { 'x-api-key': superAdmin.apiKey };
const base = `/v1/admin/projects/${project.id}`;

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
afterEach(() => {
  expect(visitor.takeTroubles()).toEqual([]);
});

const dialog = () => page.getByRole('dialog');
// Not `waitForFunction`: it makes its code in the page, where the console's own policy forbids that.
const comesTrue = (expression: string) => eventually(async () => expect(await page.evaluate<boolean>(expression)).toBe(true));
const hasFocus = (name: string) => comesTrue(`(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.innerText ?? '').startsWith(${JSON.stringify(name)})`);

// A scroll bar beside the page takes some of it.
const tooWide = () => page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - window.innerWidth)');

/** As a window that was behind others for a while: what is shown is asked for anew. */
async function comeBack(): Promise<void> {
  await page.clock.fastForward(70_000);
  await page.evaluate('window.dispatchEvent(new Event("visibilitychange"))');
}

describe('somebody who is interrupted', () => {
  it('finds what they typed in a form that was loaded anew meanwhile, and writes over nothing that a colleague saved', async () => {
    const slug = unique('desk');
    const { project_id: own } = (await api.post('/v1/admin/projects', { headers, body: { org_id: platform.demo.org.id, name: 'Desk', slug } })).body;
    await visitor.go(`/projects/${own}/settings`);
    await page.getByLabel('Days that events are kept').fill('77');
    await api.patch(`/v1/admin/projects/${own}`, { headers, body: { name: 'Till', settings: { rate_limit: 500 } } });
    await comeBack();
    await page.getByText('Of Till.').waitFor();
    expect(await page.getByLabel('Days that events are kept').inputValue()).toBe('77');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Till');
    await api.patch(`/v1/admin/projects/${own}`, { headers, body: { settings: { rate_limit: 600 } } });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The project is saved.').waitFor();
    const { name, settings } = (await api.get(`/v1/admin/projects/${own}`, { headers })).body;
    expect({ name, settings }).toEqual({ name: 'Till', settings: { rate_limit: 600, event_retention_days: 77 } });
    await api.delete(`/v1/admin/projects/${own}`, { headers });
  });

  it('keeps page and form while Rollcall is out of reach, is told that it may be old, and sees when it is not any more', async () => {
    await visitor.go(`/projects/${project.id}/lists`);
    await page.getByRole('button', { name: 'New list' }).first().click();
    await dialog().getByLabel('Name').fill('Typed before');
    await page.route('**/v1/**', (route) => route.abort('connectionrefused'));
    await comeBack();
    await page.getByText(/What you see may be old/).waitFor();
    expect(await dialog().getByLabel('Name').inputValue()).toBe('Typed before');
    await page.unroute('**/v1/**');
    await page.clock.fastForward(5_000);
    await page.getByText(/What you see may be old/).waitFor({ state: 'detached' });
    expect(await dialog().getByLabel('Name').inputValue()).toBe('Typed before');
    const troubles = visitor.takeTroubles();
    expect(troubles.filter((trouble) => !/^(failed|console: Failed to load resource)/.test(trouble))).toEqual([]);
    await page.keyboard.press('Escape');
  });
});

describe('what is being removed', () => {
  it.each([
    ['segments', { rule: { first_name: { $eq: 'Ada' } } }, 'segment_id', 'Segments', 'Remove the segment'],
    ['webhooks', { url: 'https://receiver.example.com/' }, 'webhook_id', 'Webhooks', 'Remove it'],
  ] as const)('is not asked for any more, however long its removal takes: %s', async (kind, given, field, title, label) => {
    const { [field]: id } = (await api.post(`${base}/${kind}`, { headers, body: { ...given, ...(kind === 'segments' && { name: unique('going') }) } })).body as Record<string, string>;
    await visitor.go(`/projects/${project.id}/${kind}/${id}`);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    let letGo!: () => void;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(`**/${kind}/${id}`, async (route) => {
      const response = await route.fetch();
      if (route.request().method() === 'DELETE') await held;
      await route.fulfill({ response });
    });
    await dialog().getByRole('button', { name: label }).click();
    await eventually(async () => expect((await api.get(`${base}/${kind}/${id}`, { headers })).status).toBe(404));
    await comeBack();
    await pause(500);
    letGo();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.unrouteAll();
  });
});

describe('a narrow screen', () => {
  it('has room for the longest name that has no place to break, in lists and on the first page', async () => {
    const name = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3);
    const { id } = (await api.post('/v1/users', { basic: keyAndSecret, body: { id: unique('long'), first_name: name } })).body;
    for (const n of [1, 2]) await api.post('/v1/users', { basic: keyAndSecret, body: { id: unique(`beside-${n}`) } });
    await page.setViewportSize({ width: 320, height: 640 });
    for (const path of ['', '/users', `/users/${id}`]) {
      await visitor.go(`/projects/${project.id}${path}`);
      await page.getByText(name).first().waitFor();
      expect({ path, tooWide: await tooWide() }).toEqual({ path, tooWide: 0 });
    }
    await page.setViewportSize({ width: 1_280, height: 800 });
    await api.delete(`/${project.slug}/users/${id}`, { headers });
  });
});

describe('a wide screen', () => {
  it('has room for a key that keeps many claims, and for the longest names of keys and fields', async () => {
    const slug = unique('wide');
    const own = (await api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: slug, slug } })).body.project_id as string;
    const name = 'k'.repeat(200);
    const field = '字'.repeat(64);
    const claims = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`claim_${n}`, `field_${n}`]));
    const jwk = testKeyPair('ed25519').publicKey.export({ format: 'jwk' });
    expect((await api.put(`/v1/admin/projects/${own}/sdk-keys`, { headers, body: { name, public_key: jwk, algorithm: 'EdDSA', claims } })).status).toBe(200);
    expect((await api.put(`/v1/admin/projects/${own}/custom-fields`, { headers, body: { fields: [{ name: field, label: field, type: 'text' }] } })).status).toBe(200);
    await page.setViewportSize({ width: 1_200, height: 800 }); // the least that is wide
    for (const [path, text] of [['keys', name], ['fields', field]] as const) {
      await visitor.go(`/projects/${own}/${path}`);
      await page.getByText(text).first().waitFor();
      expect({ path, tooWide: await tooWide() }).toEqual({ path, tooWide: 0 });
    }
    await page.setViewportSize({ width: 1_280, height: 800 });
    expect((await api.delete(`/v1/admin/projects/${own}`, { headers })).status).toBe(204);
  });
});

describe('the menu', () => {
  it('cuts a long name of a project off, and its own entries not', async () => {
    const slug = unique('menu');
    const { project_id: own } = (await api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: 'Customer data platform of the northern region', slug } })).body;
    await visitor.go(`/projects/${own}`);
    const menu = page.locator('aside');
    await menu.getByText('Customer data platform').first().waitFor();
    expect(await menu.evaluate((aside) => aside.scrollWidth - aside.clientWidth)).toBe(0);
    expect((await api.delete(`/v1/admin/projects/${own}`, { headers })).status).toBe(204);
  });
});

describe('what can’t be', () => {
  it('is refused as it was typed, and not made something that can: no days are not one day', async () => {
    const slug = unique('limits');
    const { project_id: own } = (await api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: slug, slug } })).body;
    await visitor.go(`/projects/${own}/settings`);
    for (const [label, value] of [['Days that events are kept', '0'], ['Requests a minute', '99999999']] as const) {
      await page.getByLabel(label).fill(value);
      await page.getByLabel(label).blur();
    }
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    for (const message of ['Must be 1 or more', 'Must be 1000000 or less']) await page.getByText(message, { exact: true }).waitFor();
    expect((await api.get(`/v1/admin/projects/${own}`, { headers })).body.settings).toEqual({});
    expect(visitor.takeTroubles().filter((trouble) => !/400/.test(trouble))).toEqual([]);
    expect((await api.delete(`/v1/admin/projects/${own}`, { headers })).status).toBe(204);
  });

  it('as an id in a link leads to nothing, and takes the session nowhere', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const api = (of: string) => of.startsWith(`${platform.url}/v1/admin/`) || of.startsWith(`${platform.url}/-`);
    for (const path of ['/projects/%2F127.0.0.1:9%2Fx/users', `/projects/${project.id}/users/..%2F..%2F..%2Fjobs%3Fx=`, `/projects/${project.id}/users/%2e%2e%2ffigures`]) {
      asked.length = 0;
      await visitor.go(path);
      await page.getByText('There is no such thing here').or(page.getByText('There is no such project')).or(page.getByText('There is no such page')).first().waitFor();
      const ours = asked.filter((url) => !url.includes('/console'));
      expect(ours.filter((url) => !url.startsWith(`${platform.url}/`) || (api(url) && /jobs|figures\b(?!\?from)/.test(url)))).toEqual([]);
    }
    page.removeAllListeners('request');
    expect(visitor.takeTroubles().filter((trouble) => !/404/.test(trouble))).toEqual([]);
  });
});

describe('a dialog', () => {
  it('gives the focus back to what opened it, by a menu too, and to the page where that is gone', async () => {
    const name = unique('list');
    const { list_id } = (await api.post(`${base}/lists`, { headers, body: { name } })).body;
    await visitor.go(`/projects/${project.id}/lists`);
    await page.getByRole('button', { name: `Rename ${name}` }).click();
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await hasFocus(`Rename ${name}`);
    await page.getByRole('button', { name: `Remove ${name}` }).click();
    await dialog().getByRole('button', { name: 'Remove the list' }).click();
    await page.getByRole('row', { name: new RegExp(name) }).waitFor({ state: 'detached' });
    await comesTrue('document.activeElement?.id === "main"');
    expect((await api.get(`${base}/lists/${list_id}`, { headers })).status).toBe(404);
  });

  it('keeps no password that was typed and not set', async () => {
    const { id } = (await api.post('/v1/users', { basic: keyAndSecret, body: { id: unique('typed') } })).body;
    await visitor.go(`/projects/${project.id}/users/${id}`);
    const ask = async () => {
      await page.getByRole('button', { name: 'Actions' }).click();
      await page.getByRole('menuitem', { name: 'Give them a password' }).click();
      return dialog().getByLabel('Password', { exact: true });
    };
    await (await ask()).fill('not for this one');
    await page.keyboard.press('Escape');
    await hasFocus('Actions');
    expect(await (await ask()).inputValue()).toBe('');
    await page.keyboard.press('Escape');
  });
});

describe('somebody who logs out while another tab is renewing their session', () => {
  it('is out in both when that has come back, and leaves no cookie', async () => {
    const leaving = await Visitor.enter(browser);
    await leaving.go('/account');
    await leaving.logIn(admin.email, admin.password);
    await leaving.page.getByRole('heading', { name: 'Your account', level: 1 }).waitFor();
    const other = await leaving.context.newPage();
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const renewed = new Promise<void>((resolve) => {
      void other.route('**/v1/auth/browser/refresh', async (route) => {
        const response = await route.fetch();
        resolve();
        await held;
        await route.fulfill({ response });
      });
    });
    await other.goto(`${platform.url}/console/account`, { waitUntil: 'commit' });
    await renewed;
    await leaving.page.getByRole('button', { name: /your account and settings$/ }).click();
    await leaving.page.getByRole('menuitem', { name: 'Log out' }).click();
    // As long as a logout that waits for nobody would take.
    await pause(1_000);
    answer();
    for (const each of [leaving.page, other]) await each.getByRole('heading', { name: 'Log in', exact: true }).waitFor();
    expect((await leaving.context.cookies(`${platform.url}/v1/auth/browser/refresh`)).map(({ name }) => name)).toEqual([]);
    expect(leaving.takeTroubles()).toEqual([]);
    await leaving.context.close();
  });
});

describe('the console over plain HTTP, from another host', () => {
  it('stays logged in when it is loaded anew, and lets a key be copied, where browsers have neither locks nor a clipboard', async () => {
    const far = await Visitor.enter(browser);
    await far.page.goto(`${platform.url.replace('127.0.0.1', hostByName)}/console/projects/${project.id}/settings`);
    await far.logIn(admin.email, admin.password);
    await far.page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    expect(await far.page.evaluate<boolean>('isSecureContext')).toBe(false);
    await far.page.reload();
    await far.page.getByRole('button', { name: `Copy ${project.id}` }).click();
    expect(await far.page.evaluate<string>('getSelection().toString()')).toBe(project.id);
    // Browsers say that they pay no attention to a header there.
    expect(far.takeTroubles().filter((trouble) => !/Cross-Origin-Opener-Policy/.test(trouble))).toEqual([]);
    await far.context.close();
  });
});

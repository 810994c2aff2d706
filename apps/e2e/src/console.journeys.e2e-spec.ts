import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually, TestOpenIdProvider } from '#libs/platform/testing';
import { Visitor, startBrowser } from './console-browser.js';
import { mailWithToken } from './mails.js';
import { adminToken, api, keyAndSecret, keyOnly, platform, unique } from './platform-under-test.js';

const { admin, org, project, superAdmin } = platform.demo;
const users = `/projects/${project.id}/users`;
const family = unique('Lovelace');
const ada = { uid: unique('ada'), id: '', email: `${unique('ada')}@example.com` };

let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  for (const [first, uid] of [['Ada', ada.uid], ['Annabella', unique('annabella')], ['Ralph', unique('ralph')]] as const) {
    await api.post('/v1/users', { basic: keyAndSecret, body: { id: uid, first_name: first, last_name: family, email: uid === ada.uid ? ada.email : `${uid}@example.com`, meta: { plan: first === 'Ada' ? 'pro' : 'free' } } });
  }
  ada.id = (await api.get(`/v1/users/${ada.uid}`, { basic: keyAndSecret })).body.id;
  for (const event of ['Signed up', 'Opened app', 'Opened app']) await api.post(`/v1/users/${ada.uid}/events`, { basic: keyOnly, body: { event, properties: { source: 'spec' } } });
  browser = await startBrowser();
  visitor = await Visitor.enter(browser);
  page = visitor.page;
});
afterAll(async () => {
  await browser?.close();
});
afterEach(() => {
  expect(visitor.takeTroubles()).toEqual([]);
});

const rows = () => page.getByRole('table', { name: 'Users' }).getByRole('link');
const shown = (text: string) => page.getByText(text, { exact: true }).first().waitFor();
const dialog = () => page.getByRole('dialog');

/** Each begins where the one before has ended, as a person's day does. */
describe('an administrator', () => {
  it('logs in, is told of a wrong password, and comes to the page that they wanted', async () => {
    await visitor.go(`${users}?search=${family}`);
    await page.getByRole('heading', { name: 'Log in', exact: true }).waitFor();
    await visitor.inspect('login');
    await visitor.logIn(admin.email, 'not this one');
    await page.getByRole('alert').getByText(/wrong/i).waitFor();
    expect(visitor.takeTroubles().filter((trouble) => !/401/.test(trouble))).toEqual([]);
    await visitor.logIn(admin.email, admin.password);
    await rows().first().waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/console${users}?search=${family}`);
  });

  it('stays logged in when the page is loaded anew, though no script can read what for', async () => {
    const stored = await page.evaluate<string>('JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])');
    expect(stored).not.toMatch(/rc_|eyJ/);
    await page.reload();
    await rows().first().waitFor();
  });

  it('finds users as they type, filters and sorts them, and sends a colleague the address', async () => {
    await visitor.go(users);
    await page.getByRole('searchbox', { name: 'Search users' }).pressSequentially(family.toUpperCase());
    await shown('3 users');
    await page.getByRole('button', { name: 'Add a filter' }).click();
    await page.getByLabel('Name of the attribute').fill('plan');
    await page.getByLabel('Value').fill('free');
    await page.getByRole('button', { name: 'Add the filter' }).click();
    await shown('2 users');
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    const colleague = await visitor.context.newPage();
    await colleague.goto(page.url());
    await colleague.getByText('2 users', { exact: true }).waitFor();
    expect(await colleague.getByRole('table', { name: 'Users' }).getByRole('link').allInnerTexts()).toEqual(await rows().allInnerTexts());
    await colleague.close();
    await visitor.inspect('users');
  });

  it('sees one user whole: who they are, and what they did', async () => {
    await visitor.go(`${users}?search=${ada.email}`);
    await rows().first().click();
    await page.getByRole('heading', { name: `Ada ${family}`, level: 1 }).waitFor();
    await shown('pro');
    await visitor.inspect('user');
    await page.getByRole('tab', { name: 'Time line' }).click();
    await page.getByRole('img', { name: 'Events: 3 in 30 days' }).waitFor();
    // Two of them, and the chart's legend: the chart and the list come by themselves.
    await eventually(async () => expect(await page.getByText('Opened app', { exact: true }).count()).toBeGreaterThanOrEqual(3));
    await visitor.inspect('time line');
    await page.getByRole('tab', { name: 'Access' }).click();
    await page.getByText(/They hold no role here/).waitFor();
    await visitor.inspect('access');
  });

  it('gives somebody a password, sees where they are logged in and ends it, and closes and opens their account', async () => {
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Give them a password' }).click();
    await dialog().getByLabel('Password', { exact: true }).fill('a sentence that nobody else knows');
    await dialog().getByRole('button', { name: 'Set the password' }).click();
    await page.getByText(/^The password is set/).waitFor();
    const logIn = () => api.post(`/${project.slug}/users/login`, { body: { username: ada.email, password: 'a sentence that nobody else knows' } });
    const { body } = await logIn();
    await page.getByRole('tab', { name: 'Sessions' }).click();
    await page.getByRole('button', { name: /^End the session/ }).click();
    await shown('Not logged in anywhere');
    await eventually(async () => expect((await api.get('/v1/auth/me', { bearer: body.access_token })).status).toBe(401));
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Deactivate' }).click();
    await dialog().getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('Inactive', { exact: true }).first().waitFor();
    expect((await logIn()).status).toBe(403);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/is active again/).waitFor();
    expect((await logIn()).status).toBe(200);
  });

  it('invites a colleague, who comes in by the link in their mail, and gives them another role', async () => {
    const email = `${unique('grace')}@example.com`;
    await visitor.go(`/orgs/${org.id}/invitations`);
    await page.getByRole('button', { name: 'Invite people' }).click();
    await dialog().getByLabel('Email addresses').fill(email);
    await dialog().getByRole('button', { name: 'Invite', exact: true }).click();
    await page.getByRole('row', { name: new RegExp(email) }).getByText('Delivered to the mail server').waitFor();
    await visitor.inspect('invitations');

    const { token } = await mailWithToken(email);
    const colleague = await Visitor.enter(browser);
    await colleague.page.goto(`${platform.url}/auth/accept-invitation?token=${token}`);
    await colleague.page.getByLabel('Your name').fill('Grace Hopper');
    await colleague.inspect('accept an invitation');
    await colleague.page.getByLabel('Password', { exact: true }).fill('nanoseconds in a wire');
    expect(colleague.page.url()).not.toContain(token);
    await colleague.page.getByRole('button', { name: 'Accept the invitation' }).click();
    await colleague.page.getByText('Grace Hopper').first().waitFor();
    // There is one, which a member has no part in.
    await colleague.page.getByRole('main').getByText('You are in no project here').waitFor();
    await colleague.page.getByRole('main').getByText('You are in no team here').waitFor();
    expect(colleague.takeTroubles()).toEqual([]);
    await colleague.context.close();

    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('columnheader', { name: 'Since' }).waitFor(); // all are there; only of those who were found it is not said
    await page.getByRole('searchbox', { name: 'Search people' }).fill(email);
    await page.getByRole('columnheader', { name: 'Since' }).waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /Grace Hopper/ }).filter({ hasText: email });
    await row.getByText('Active', { exact: true }).waitFor();
    await row.getByRole('combobox', { name: /^Role of/ }).click();
    await page.getByRole('option', { name: 'Administrator' }).click();
    await page.getByText('Grace Hopper is administrator here.').waitFor();
    await visitor.inspect('people');
    const { members } = (await api.get(`/v1/admin/orgs/${org.id}/members`, { bearer: await adminToken() })).body;
    expect(members.find((member: { user_email: string }) => member.user_email === email).role).toBe('org_admin');
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: /^Take out of/ }).click();
    await dialog().getByRole('button', { name: 'Take out' }).click();
    await row.waitFor({ state: 'detached' });
    await shown('Nobody fits');
  });

  it('makes a segment by saying who is meant, sees how many fit while they do, and who is in it', async () => {
    await visitor.go(`/projects/${project.id}/segments/new`);
    await page.getByLabel('Name', { exact: true }).fill(family);
    await page.getByRole('combobox', { name: 'Field' }).click();
    await page.getByRole('option', { name: 'Last name' }).click();
    await page.getByLabel('Value').fill(family);
    await page.getByText('users fit now').waitFor();
    await page.getByRole('button', { name: 'What they did' }).click();
    await page.getByRole('combobox', { name: 'Event' }).fill('Opened app');
    await page.getByText('1 user fits now').waitFor();
    await visitor.inspect('segment, new');
    await page.getByRole('button', { name: 'Make the segment' }).click();
    await page.getByRole('table', { name: 'Members' }).getByRole('link', { name: `Ada ${family}` }).waitFor();
    const { segments } = (await api.get(`/v1/admin/projects/${project.id}/segments`, { bearer: await adminToken() })).body;
    expect(segments.find((segment: { name: string }) => segment.name === family).rule).toEqual({ $and: [{ last_name: { $eq: family } }, { events: { $count: { event: 'Opened app', within_days: 30 }, $gte: 1 } }] });
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog().getByRole('button', { name: 'Remove the segment' }).click();
    await page.getByRole('heading', { name: 'Segments', level: 1 }).waitFor();
    await visitor.inspect('segments');
  });

  it('makes a key that is shown once and opens the API, and revokes it', async () => {
    const name = unique('key');
    await visitor.go(`/projects/${project.id}/keys`);
    await page.getByRole('button', { name: 'New API key' }).click();
    await dialog().getByLabel('Name').fill(name);
    await dialog().getByRole('button', { name: 'Make it' }).click();
    await dialog().getByRole('button', { name: 'I have kept it' }).waitFor();
    await visitor.inspect('key');
    const key = await dialog().locator('code').innerText();
    expect((await api.get(`/${project.slug}/users/count`, { headers: { 'x-api-key': key } })).status).toBe(200);
    await dialog().getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('row', { name: new RegExp(name) }).waitFor();
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: `Revoke ${name}` }).click();
    await dialog().getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row', { name: new RegExp(name) }).waitFor({ state: 'detached' });
    await eventually(async () => expect((await api.get(`/${project.slug}/users/count`, { headers: { 'x-api-key': key } })).status).toBe(401));
    await visitor.inspect('keys');
  });

  it('makes a webhook, sees what was sent and what was answered, and has one event and a whole time sent again', async () => {
    const headers = { 'x-api-key': superAdmin.apiKey };
    const slug = unique('hooks');
    const own = (await api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: slug, slug } })).body.project_id as string;
    const { key, secret } = (await api.post(`/v1/admin/projects/${own}/engagement-keys`, { headers, body: {} })).body as { key: string; secret: string };
    let taken = 0;
    const receiver = createServer((request, response) => {
      request.resume().on('end', () => {
        taken += 1;
        response.writeHead(taken === 1 ? 200 : 204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(platform.webhookPort, '127.0.0.1', resolve));
    try {
      await visitor.go(`/projects/${own}/webhooks`);
      await page.getByRole('button', { name: 'New webhook' }).first().click();
      await dialog().getByLabel('Address').fill(`http://127.0.0.1:${platform.webhookPort}/`);
      await dialog().getByLabel('What it is for').fill('For a spec');
      await dialog().getByRole('button', { name: 'Make it' }).click();
      await dialog().getByText(/^whsec_/).waitFor();
      await dialog().getByRole('button', { name: 'I have kept it' }).click();
      await page.getByRole('link', { name: 'For a spec' }).click();
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.getByText('It took the test event, with status 200.').waitFor();
      await api.post('/v1/users', { basic: [key, secret], body: { id: 'hooked' } });
      const log = page.getByRole('table', { name: 'Deliveries' });
      const told = log.getByRole('row', { name: /rollcall\.user\.created.*Taken.*204/ });
      await told.waitFor({ timeout: 30_000 });
      await visitor.inspect('webhook');
      await told.getByRole('button', { name: 'Send again' }).click();
      await eventually(() => expect(taken).toBe(3), 30_000);
      await page.getByRole('button', { name: 'Send a time again' }).click();
      await dialog().getByLabel('From').fill('2020-01-01T00:00');
      await dialog().getByLabel('To').fill('2020-01-02T00:00');
      await visitor.inspect('webhook, a time');
      await dialog().getByRole('button', { name: 'Send again' }).click();
      await page.getByText('0 events are sent again.').waitFor();
      await page.getByRole('button', { name: 'Send a time again' }).click();
      await dialog().getByLabel('From').fill('2020-01-01T00:00');
      await dialog().getByRole('button', { name: 'Send again' }).click();
      // Also what happened before there was a webhook.
      await page.getByText(/^[1-9]\d* events? (is|are) sent again\.$/).waitFor();
      await eventually(() => expect(taken).toBeGreaterThan(3), 30_000);
      await page.getByRole('button', { name: 'Remove', exact: true }).click();
      await dialog().getByRole('button', { name: 'Remove it' }).click();
      await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor();
    } finally {
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    }
  });

  it('erases a user, having read what happens, and holds the receipt', async () => {
    await visitor.go(`${users}/${ada.id}`);
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Erase for good' }).click();
    const erase = dialog().getByRole('button', { name: 'Erase for good' });
    expect(await erase.isDisabled()).toBe(true);
    await visitor.inspect('erase');
    await dialog().getByRole('textbox').fill('erase');
    await erase.click();
    await page.getByRole('heading', { name: 'Erasure', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Download the receipt' }).waitFor({ timeout: 45_000 });
    await visitor.inspect('erasure');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the receipt' }).click();
    expect((await saving).suggestedFilename()).toMatch(/^erasure-receipt-\d+\.json$/);
    expect((await api.get(`/v1/users/${ada.uid}`, { basic: keyAndSecret })).status).toBe(404);
  });

  it('goes by keyboard alone: to the content, to a user, through tabs and menus, and into the account', async () => {
    const { keyboard } = page;
    const focused = () => page.evaluate<string>('document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? ""');
    const tabTo = async (name: RegExp, key = 'Tab') => {
      for (let step = 0; step < 60 && !name.test(await focused()); step += 1) await keyboard.press(key);
      expect(await focused()).toMatch(name);
    };
    await visitor.go(users);
    await rows().first().waitFor();
    await keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement?.id')).toBe('main');
    await tabTo(/^Search users$/);
    await keyboard.type(`ralph ${family}`);
    await shown('1 user');
    await tabTo(/^Select Ralph/);
    await keyboard.press('Space');
    await page.getByRole('region', { name: 'Selected users' }).waitFor();
    await tabTo(new RegExp(`^Ralph ${family}$`));
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: `Ralph ${family}`, level: 1 }).waitFor();
    await tabTo(/^Profile$/);
    await keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'Events per day' }).waitFor();
    await tabTo(/^Actions$/, 'Shift+Tab');
    await keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Deactivate' }).waitFor();
    await keyboard.press('Escape');
    await tabTo(/your account and settings$/, 'Shift+Tab');
    await keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Your account' }).waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your account', level: 1 }).waitFor();
    await page.getByText('this one').waitFor();
    await visitor.inspect('account');
  });

  it('finds what was done in the audit trail, and every other page of the organisation and project at work', async () => {
    await visitor.go(`/projects/${project.id}/audit?action=api-key.*`);
    await page.getByRole('cell', { name: 'api-key.created' }).first().waitFor({ timeout: 30_000 });
    await visitor.inspect('audit');
    for (const [link, heading] of [['Lists', 'Lists'], ['Custom fields', 'Custom fields'], ['Staff', 'Staff'], ['Roles', 'Roles'], ['Settings', 'Settings'], ['API keys', 'API keys'], ['Single sign-on', 'Single sign-on']] as const) {
      await page.getByRole('link', { name: link, exact: true }).click();
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await visitor.inspect(link);
    }
  });

  it('sees what is wrong where an address leads nowhere', async () => {
    await visitor.go(`${users}/00000000-0000-7000-8000-000000000000`);
    await page.getByRole('alert').getByText('There is no such thing here').waitFor();
    expect(visitor.takeTroubles().filter((trouble) => !/404/.test(trouble))).toEqual([]);
    await visitor.go('/nowhere');
    await shown('There is no such page');
  });

  it('logs out in every tab at once, and on the server', async () => {
    await visitor.go(users);
    await rows().first().waitFor();
    const other = await visitor.context.newPage();
    await other.goto(page.url());
    await other.getByRole('table', { name: 'Users' }).getByRole('link').first().waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Who came last' }).waitFor();
    await page.getByRole('img', { name: /^Events: \d/ }).waitFor();
    await visitor.inspect('overview', true);
    const [cookie] = await visitor.context.cookies(`${platform.url}/v1/auth/browser/refresh`);
    await page.getByRole('button', { name: /your account and settings$/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    for (const each of [page, other]) await each.getByRole('heading', { name: 'Log in', exact: true }).waitFor();
    expect(await visitor.context.cookies(`${platform.url}/v1/auth/browser/refresh`)).toEqual([]);
    expect((await api.post('/v1/auth/browser/refresh', { headers: { 'x-csrf-protection': '1', cookie: `${cookie?.name}=${cookie?.value}` } })).status).toBe(401);
    await page.goBack();
    await page.getByRole('heading', { name: 'Log in', exact: true }).waitFor();
    await other.close();
  });

  it('logs in at their organisation’s own provider, and comes back to the console', async () => {
    const connection = `/v1/admin/orgs/${org.id}/sso`;
    const headers = { 'x-api-key': superAdmin.apiKey };
    const provider = await TestOpenIdProvider.start({ redirectUris: [`${platform.url}/v1/auth/sso/${org.slug}/callback`], port: platform.ssoPort });
    try {
      provider.accounts.set('the-admin', { email: admin.email, email_verified: true });
      provider.expect('the-admin');
      const wanted = { issuer: provider.issuer, client_id: provider.clientId, client_secret: provider.clientSecret, email_domains: ['example.com'], return_urls: [`${platform.url}/console/login`] };
      expect((await api.put(connection, { headers, body: wanted })).status).toBe(200);
      await page.getByRole('button', { name: 'Log in with your organisation' }).click();
      await page.getByLabel('Short name of your organisation').fill('nobody-has-this-name');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('alert').getByText('No organisation of this name logs in that way.').waitFor();
      expect(visitor.takeTroubles().filter((trouble) => !/404/.test(trouble))).toEqual([]);
      await page.getByLabel('Short name of your organisation').fill(org.slug);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.waitForURL((url) => url.origin === new URL(platform.url).origin && url.pathname.startsWith('/console/') && !url.pathname.startsWith('/console/login'));
      await page.waitForLoadState('networkidle');
      await page.getByRole('button', { name: /your account and settings$/ }).click();
      await page.getByRole('menuitem', { name: 'Log out' }).click();
      await page.getByRole('heading', { name: 'Log in', exact: true }).waitFor();
      // A link that somebody else made of their own login.
      await page.goto(`${platform.url}/console/login?code=theirs&state=theirs`);
      await page.getByRole('alert').getByText('This login was not begun in this tab.').waitFor();
      await page.getByRole('link', { name: 'Start again' }).click();
      await page.getByRole('heading', { name: 'Log in', exact: true }).waitFor();
    } finally {
      await api.delete(connection, { headers });
      await provider.stop();
    }
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { testKeyPair } from '#libs/platform/testing';
import { Visitor, startBrowser } from './console-browser.js';
import { api, platform, unique } from './platform-under-test.js';

const { superAdmin } = platform.demo;

let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
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

const dialog = () => page.getByRole('dialog');

describe('whoever runs the deployment', () => {
  it('sees what it does by itself, has it done now, and what was given up', async () => {
    await visitor.go('/deployment/jobs');
    await visitor.logIn(superAdmin.email, superAdmin.password);
    const row = page.getByRole('row', { name: /trim-audit/ });
    await row.getByRole('button', { name: /^Run now/ }).click();
    await page.getByText('trim-audit begins.').waitFor();
    await visitor.inspect('jobs');
    for (const [tab, text] of [['Failed jobs', 'No job was given up'], ['Dead letters', 'No event was given up']] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByText(text).or(page.getByRole('table', { name: tab })).first().waitFor();
    }
    await visitor.inspect('dead letters');
  });

  it('makes an organisation with a team and a project, what the project needs, and takes it all away again', async () => {
    const name = unique('Acme');
    const slug = name.toLowerCase();
    const make = (label: string) => dialog().getByRole('button', { name: label, exact: true }).click();
    await page.getByRole('link', { name: 'Organisations', exact: true }).click();
    await page.getByRole('button', { name: 'New organisation' }).click();
    await dialog().getByLabel('Name', { exact: true }).fill(name);
    expect(await dialog().getByLabel('Short name').inputValue()).toBe(slug);
    await visitor.inspect('organisation, new');
    await make('Make it');
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await visitor.inspect('organisation');

    await page.getByRole('button', { name: 'New team' }).first().click();
    await dialog().getByLabel('Name', { exact: true }).fill('Sales');
    await make('Make it');
    await page.getByRole('heading', { name: 'Sales', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Rename' }).click();
    await dialog().getByLabel('Name', { exact: true }).fill('Shops');
    await make('Save');
    await page.getByRole('heading', { name: 'Shops', level: 1 }).waitFor();
    await visitor.inspect('team');
    await page.getByRole('button', { name: 'New project' }).click();
    await dialog().getByLabel('Name', { exact: true }).fill(`${name} Shop`);
    await make('Make it');
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await visitor.inspect('first steps');

    await page.getByRole('link', { name: 'Roles', exact: true }).click();
    await page.getByRole('button', { name: 'New role' }).click();
    await dialog().getByLabel('Name', { exact: true }).fill('support');
    await dialog().getByLabel('Create and change users').check();
    await make('Save');
    await page.getByRole('row', { name: /^support/ }).getByText('Create and change users').waitFor();

    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByRole('button', { name: 'New SDK key' }).click();
    await dialog().getByLabel('Name', { exact: true }).fill('mobile app');
    const { privateKey, publicKey } = testKeyPair('ed25519');
    await dialog().getByLabel('Public key').fill(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    await make('Register it');
    await dialog().getByRole('alert').getByText(/private key/).waitFor();
    expect(visitor.takeTroubles().filter((trouble) => !/400/.test(trouble))).toEqual([]);
    await dialog().getByLabel('Public key').fill(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    await dialog().getByLabel('Claims to keep').fill('ph = phone');
    await visitor.inspect('SDK key');
    await make('Register it');
    await page.getByRole('row', { name: /^mobile app/ }).getByText('ph = phone').waitFor();

    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByLabel('Days that events are kept').fill('400');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The project is saved.').waitFor();
    const { projects } = (await api.get('/v1/admin/projects', { headers: { 'x-api-key': superAdmin.apiKey } })).body;
    expect(projects.find((each: { slug: string }) => each.slug === `${slug}-shop`).settings).toEqual({ event_retention_days: 400 });
    await page.getByRole('button', { name: 'Delete …' }).click();
    await visitor.inspect('project, delete');
    await dialog().getByRole('textbox').fill(`${slug}-shop`);
    await make('Delete the project');
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Shops', exact: true }).click();
    await page.getByRole('button', { name: 'Delete …' }).click();
    await make('Delete the team');
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Delete …' }).click();
    await dialog().getByRole('textbox').fill(slug);
    await make('Delete the organisation');
    await page.getByRole('heading', { name: 'Organisations', level: 1 }).waitFor();
    await page.getByRole('row', { name: new RegExp(name) }).waitFor({ state: 'detached' });
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually } from '#libs/platform/testing';
import { Visitor, startBrowser } from './console-browser.js';
import { api, platform, unique } from './platform-under-test.js';

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
    await api.delete(path, { headers });
  });
});

// What the console's page of users takes in Chromium: --users 10000 (the default) to 1000000, --rounds 10, --topology all-in-one
import { parseArgs } from 'node:util';
import pg from 'pg';
import { chromium } from 'playwright-core';
import { provision } from '../tools/provision.mjs';
import { serviceDatabaseUrl } from '../dist/libs/platform/database/src/data-source.js';
import { RunningPlatform } from '../dist/libs/platform/testing/src/index.js';
import { fillProfiles } from './measure/fill-profiles.mjs';

/** Milliseconds: the median of clicks and searches, and what 95 of 100 frames take at the most while one scrolls. */
const budget = { click: 300, search: 300, frame: 50 };
const rowHeight = 56;
const mostRows = 10_000;
const { values } = parseArgs({ options: { users: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '10' }, topology: { type: 'string', default: 'all-in-one' } } });
const [users, rounds] = [Number(values.users), Number(values.rounds)];
if (!Number.isSafeInteger(users) || users < 1_000 || users > 10_000_000) throw new Error('--users takes a whole number, 1000 to 10000000');
if (!Number.isSafeInteger(rounds) || rounds < 1 || rounds > 1_000) throw new Error('--rounds takes a whole number, 1 to 1000');

/** In the page: `act` sets it off by an event of this name, and it ends with the first frame after `isThere`. */
const measure = ({ event, isThere }) => `new Promise((resolve) => {
  let began = 0;
  const isThere = ${isThere};
  document.addEventListener('${event}', () => (began = performance.now()), { capture: true });
  const look = () => (began > 0 && isThere() ? requestAnimationFrame(() => resolve(performance.now() - began)) : requestAnimationFrame(look));
  look();
})`;
const rowsWith = (text) => `() => { const rows = [...document.querySelectorAll('[role="table"] [role="row"] a')]; return rows.length > 0 && rows.every((row) => row.textContent.toLowerCase().includes('${text}')); }`;

const scroll = `new Promise((resolve) => {
  const frames = [];
  const end = Math.min(document.documentElement.scrollHeight - innerHeight, ${mostRows * rowHeight});
  let last = performance.now();
  // Some fifty rows a frame: a flick of the finger that goes on.
  const step = (now) => {
    frames.push(now - last);
    last = now;
    if (scrollY >= end - 1) return resolve({ frames: frames.slice(1), rows: Math.round(end / ${rowHeight}) });
    scrollTo(0, Math.min(end, scrollY + 50 * ${rowHeight}));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
function report(name, taken, most, part) {
  const sorted = [...taken].sort((a, b) => a - b);
  const held = at(sorted, part) <= most;
  console.log(`${name.padEnd(44)} median ${at(sorted, 0.5).toFixed(0).padStart(5)} ms, p95 ${at(sorted, 0.95).toFixed(0).padStart(5)} ms, longest ${sorted.at(-1).toFixed(0).padStart(5)} ms of ${sorted.length}${held ? '' : `  (over ${most} ms)`}`);
  return held;
}

const platform = await RunningPlatform.start(values.topology, { RPC_CHECK_REPLIES: 'false', LOG_LEVEL: 'warn' });
const browser = await chromium.launch({ executablePath: (await provision('chromium')).command, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
let held = true;
try {
  const { admin, project } = await platform.demo();
  const sql = new pg.Client({ connectionString: serviceDatabaseUrl(await platform.databaseUrl(), 'profiles') });
  await sql.connect();
  const began = performance.now();
  await sql.query('SET statement_timeout = 0');
  await fillProfiles(sql, project.id, users, 0);
  await sql.end();
  console.log(`${users.toLocaleString('en')} users, made in ${((performance.now() - began) / 1_000).toFixed(0)} s; ${values.topology}\n`);

  const page = await (await browser.newContext({ viewport: { width: 1_280, height: 800 } })).newPage();
  page.setDefaultTimeout(60_000);
  const home = `${platform.url}/console/projects/${project.id}`;
  await page.goto(home);
  await page.getByLabel('Email').fill(admin.email);
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { name: 'Who came last' }).waitFor();

  const clicks = [];
  for (let round = -1; round < rounds; round += 1) {
    await page.goto(home); // loaded anew: nothing is remembered from the round before
    await page.getByRole('heading', { name: 'Who came last' }).waitFor();
    await page.waitForLoadState('networkidle');
    const taken = page.evaluate(measure({ event: 'click', isThere: rowsWith('') }));
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users', exact: true }).click();
    if (round >= 0) clicks.push(await taken);
    else await taken;
  }
  held = report('from the click to the first rows', clicks, budget.click, 0.5) && held;

  const searches = [];
  const field = page.getByRole('searchbox', { name: 'Search users' });
  for (let round = 0; round < rounds; round += 1) {
    const text = `first${(((round * 37 + 11) % 89) + 10) * 11}`;
    await field.fill('');
    await page.waitForURL((url) => !url.searchParams.has('search'));
    await field.pressSequentially(text.slice(0, -1), { delay: 70 });
    // The last key, by itself, when what the others asked for is there or not.
    const taken = page.evaluate(measure({ event: 'keydown', isThere: `() => location.search.includes('${text}') && document.querySelector('[role="table"]')?.getAttribute('aria-busy') === 'false' && (${rowsWith(text)})()` }));
    await field.press(text.at(-1));
    searches.push(await taken);
  }
  held = report('from the last key to the rows that fit', searches, budget.search, 0.5) && held;

  await field.fill('');
  await page.waitForURL((url) => !url.searchParams.has('search'));
  await page.waitForLoadState('networkidle');
  const { frames, rows } = await page.evaluate(scroll);
  held = report(`frames while ${rows.toLocaleString('en')} rows scroll by`, frames, budget.frame, 0.95) && held;
  const settled = performance.now();
  await page.locator('[role="row"] [aria-label="Loading"]').first().waitFor({ state: 'detached' });
  console.log(`${'the last rows are there after'.padEnd(44)} ${(performance.now() - settled).toFixed(0).padStart(12)} ms`);
} finally {
  await browser.close();
  await platform.stop();
}
process.exitCode = held ? 0 : 1;

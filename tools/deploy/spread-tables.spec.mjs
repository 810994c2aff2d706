import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { doubleNames, keylessStatements } from './keyless-statements.mjs';

/** Whose rows a row is among: what rows are spread over servers by. */
const owners = ['realm_id', 'project_id', 'organisation_id', 'place_id', 'scope_id'];

/** Tables with a key of another kind, which are on one server or, small ones, on each: docs/operating-growth.md says the same. */
const elsewhere = {
  'of the process, not of users: events on their way, dead letters, locks, keys, schedules':
    ['outbox', 'inbox', 'relay_state', 'dead_letters', 'idempotency_keys', 'audit_entries', 'data_keys', 'upkeep_holds', 'signing_keys', 'receipt_keys', 'job_runs', 'job_schedules', 'removal_marks'],
  'of the deployment, in one order or chain': ['audit_log', 'feed', 'receipts', 'address_throttles'],
  'staff, who are in several organisations': ['members', 'directory', 'deployment_members'],
  'found by a key that a caller shows': ['credentials'],
};

/** Statements of background work, which goes through all realms in turn. No request waits for one. */
const sweeps = {
  identity: ['login_days.trim', 'logins.release_old', 'outgoing_mails.sweep', 'sessions.drop_seals', 'sessions.sweep', 'sso_codes.sweep', 'login_throttles.sweep', 'mail_throttles.sweep', 'revocations.since', 'revocations.sweep', 'sso_links.clear_by_organisation_id', 'sso_links.count_by_organisation_id', 'token_uses.sweep'],
  profiles: ['realm_days.trim', 'segments.begin_due'],
  workers: ['erasure_users.among', 'imports.end-broken-off', 'mails.remove'],
};

describe('what is spread over servers once one Postgres is too small', () => {
  let tables;
  let statements;
  beforeAll(() => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'tools/deploy/declared-statements.mjs')], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const read = JSON.parse(stdout);
    statements = read.statements;
    tables = new Map(read.keys);
  }, 60_000);

  it('has in every table a key that begins with whose rows they are, or a reason why not', () => {
    const others = [...tables].filter(([, [first]]) => !owners.includes(first)).map(([table]) => table);
    const names = Object.values(elsewhere).flat();
    expect(others.filter((table) => !names.includes(table))).toEqual([]);
    expect(names.filter((table) => !tables.has(table))).toEqual([]);
  });

  // Membership is not spread: staff and their places are few, and one server has them all.
  it.each(Object.keys(sweeps))('is named in every statement of %s by whose rows they are, but for background work', (service) => {
    const kept = Object.values(elsewhere).flat();
    const spread = Object.fromEntries([...tables].filter(([table, [first]]) => ['realm_id', 'project_id'].includes(first) && !kept.includes(table)).map(([table, [first]]) => [table, first]));
    expect(Object.keys(spread)).toEqual(expect.arrayContaining(['users', 'user_events', 'logins', 'sessions', 'segment_members', 'webhook_deliveries']));
    expect(statements[service].length).toBeGreaterThan(50);
    expect(keylessStatements(statements[service], spread).sort()).toEqual([...sweeps[service]].sort());
  });

  it('has for every statement of a service a name of its own, by which connections prepare it', () => {
    for (const own of Object.values(statements)) expect(doubleNames(own)).toEqual([]);
  });

  it('finds a statement that leaves out whose rows it means', () => {
    const found = (text) => keylessStatements([{ name: 'x', text }], { users: 'realm_id' });
    expect(found('SELECT email FROM users WHERE user_id = $1')).toEqual(['x']);
    expect(found('UPDATE users SET email = $2 WHERE realm_id = $1')).toEqual([]);
    expect(found('SELECT users FROM erasures')).toEqual([]);
  });
});

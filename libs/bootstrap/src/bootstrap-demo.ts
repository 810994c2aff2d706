import { v7 as uuidv7 } from 'uuid';
import { identity, membership, profiles, systemActor } from '#libs/contracts';
import { StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import type { RequestInput, ResponseOf } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';
import { demoFilePath, readDemoFile, requireWritable, writeDemoFile, type DemoFile } from './demo-file.js';
import { revokeEarlier } from './earlier-credentials.js';
import { PatientCalls } from './patient-calls.js';
import { readablePassword } from './readable-password.js';
import { ensureStaff, setStaffPassword } from './staff.js';

export interface DemoOptions {
  /** Where demo.json goes; the caller holds this folder, so that nobody else bootstraps from it at the same time. */
  dataDir: string;
  /** Under which the gateway is reached: `http://127.0.0.1:3000`. */
  url: string;
  logger: Logger;
  /** How long to wait for services that are still starting, in milliseconds. */
  patienceMs?: number;
}

type GrantScope = RequestInput<typeof membership.grantRole>['scope'];

/**
 * Makes the demo organisation with its project, people and keys, and writes demo.json. Where the file exists, only its
 * `url` follows. The file is written last and every step before it finds what an earlier run has left, so a run that was
 * killed anywhere is completed by the next one, and so is a deployment whose file was deleted. Secrets are known only when
 * they are made: such a run sets new passwords, revokes the keys that earlier runs made and makes new ones.
 * @throws StartupError when the data folder or the names of the demo are taken by something else
 */
export async function bootstrapDemo(rpc: RpcClient, { dataDir, url, logger, patienceMs = 120_000 }: DemoOptions): Promise<DemoFile> {
  const path = demoFilePath(dataDir);
  const present = await readDemoFile(path);
  if (present !== undefined) return present.url === url ? present : rewriteUrl(path, present, url);

  await requireWritable(path);
  const calls = new PatientCalls(rpc, { requestId: `bootstrap-${uuidv7()}` }, patienceMs);
  const { organisationId, slug } = await ensureOrganisation(calls);
  const project = await ensureProject(calls, organisationId);
  const admin = await makeStaff(calls, 'admin@example.com', 'Demo Administrator', { level: 'organisation', organisationId }, 'org_admin');
  const root = await makeStaff(calls, 'root@example.com', 'Demo Super Administrator', { level: 'deployment' }, 'super_admin');
  await markActivity(calls, project.projectId);
  const content: DemoFile = {
    url,
    org: { id: organisationId, slug },
    project: { id: project.projectId, slug: project.slug },
    admin,
    apiKey: await makeApiKey(calls, { name: 'Demo administrator', organisationId, roles: ['org_admin'] }),
    superAdmin: { ...root, apiKey: await makeApiKey(calls, { name: 'Demo super administrator', organisationId: null, roles: ['super_admin'] }) },
    engagement: await makeEngagementKey(calls, project.projectId),
    environment: { events: await makeClient(calls, project.projectId, 'events'), workbench: await makeClient(calls, project.projectId, 'workbench') },
  };
  await writeDemoFile(path, content);
  logger.info({ organisationId, projectId: project.projectId }, 'demo organisation and project are ready, demo.json was written');
  return content;
}

async function rewriteUrl(path: string, present: DemoFile, url: string): Promise<DemoFile> {
  const content = { ...present, url };
  await writeDemoFile(path, content);
  return content;
}

async function ensureOrganisation(calls: PatientCalls): Promise<membership.Organisation> {
  const slug = 'demo';
  const present = await calls.find(membership.findOrganisation, { slug }, 'organisation-not-found');
  return present ?? calls.call(membership.createOrganisation, { organisationId: uuidv7(), name: 'Demo', slug, actor: systemActor });
}

async function ensureProject(calls: PatientCalls, organisationId: string): Promise<membership.Project> {
  const slug = 'demo-app';
  const present = await calls.find(membership.findProject, { project: slug }, 'project-not-found');
  if (present === undefined) {
    return calls.call(membership.createProject, { projectId: uuidv7(), organisationId, teamId: null, name: 'Demo App', slug, actor: systemActor });
  }
  if (present.organisationId !== organisationId) throw new StartupError(`The project ${slug} belongs to another organisation than the demo's: the demo can't be set up in this deployment.`);
  return present;
}

/** What cards and streams do to a customer, as surface A's clients know it. Whoever marked something since has their way. */
async function markActivity(calls: PatientCalls, realmId: string): Promise<void> {
  const { events } = await calls.call(profiles.listActivityEvents, { realmId });
  if (events.length > 0) return;
  await calls.call(profiles.markActivityEvents, { realmId, events: ['published_card', 'displayed_card', 'completed_card', 'dismissed_card', 'expired_card', 'stream_displayed'], actor: systemActor });
}

async function makeStaff(calls: PatientCalls, email: string, displayName: string, scope: GrantScope, role: string): Promise<{ email: string; password: string }> {
  const userId = await ensureStaff(calls, { email, displayName });
  const password = readablePassword();
  await setStaffPassword(calls, userId, password);
  await calls.call(membership.grantRole, { userId, scope, role, actor: systemActor });
  return { email, password };
}

async function makeApiKey(calls: PatientCalls, { name, organisationId, roles }: { name: string; organisationId: string | null; roles: string[] }): Promise<string> {
  const { key } = await makeCredential(calls, { kind: 'api-key', projectId: null, organisationId }, name, roles);
  return shown(key);
}

async function makeEngagementKey(calls: PatientCalls, projectId: string): Promise<DemoFile['engagement']> {
  const { key, secret } = await makeCredential(calls, { kind: 'engagement', projectId, organisationId: null }, 'Demo engagement key', []);
  return { key: shown(key), secret: shown(secret) };
}

async function makeClient(calls: PatientCalls, projectId: string, role: 'events' | 'workbench'): Promise<DemoFile['environment']['events']> {
  const { credential, secret } = await makeCredential(calls, { kind: 'client', projectId, organisationId: null }, `Demo ${role} client`, [role]);
  return { client_id: credential.credentialId, client_secret: shown(secret) };
}

async function makeCredential(calls: PatientCalls, group: identity.CredentialGroup, name: string, roles: string[]): Promise<ResponseOf<typeof identity.createCredential>> {
  await revokeEarlier(calls, group, name);
  return calls.call(identity.createCredential, { ...group, name, roles, actor: systemActor });
}

/** What the contract promises for the kind of credential. */
function shown(value: string | null): string {
  if (value === null) throw new Error('identity made a credential without the part that its kind has');
  return value;
}

import { v7 as uuidv7 } from 'uuid';
import { identity, membership, profiles } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import type { RequestOf } from '#libs/platform/messages';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

const times = { createdAt: '2026-01-01T00:00:00.000Z', modifiedAt: '2026-01-01T00:00:00.000Z' };

/** Answers what bootstrapping asks as the services do, from memory. The end-to-end specs have the real ones. */
export class StandInServices {
  readonly organisations: membership.Organisation[] = [];
  readonly projects: membership.Project[] = [];
  readonly grants: RequestOf<typeof membership.grantRole>[] = [];
  readonly staff: { userId: string; email: string; password?: string }[] = [];
  /** What projects marked, by their ids. */
  readonly activityEvents = new Map<string, string[]>();
  /** Those that may be used. */
  credentials: (identity.Credential & { key: string; secret: string; createdBy: string })[] = [];
  /** How many calls are still refused because a service is starting. */
  away = 0;

  userOf(email: string) {
    return this.staff.filter((user) => user.email === email);
  }

  rolesOf(email: string): string[] {
    const ids = this.userOf(email).map(({ userId }) => userId);
    return [...new Set(this.grants.filter(({ userId }) => ids.includes(userId)).map(({ scope, role }) => `${scope.level}:${role}`))];
  }

  @Handles(membership.findOrganisation)
  async findOrganisation(...[{ slug }]: HandlerArguments<typeof membership.findOrganisation>) {
    if (this.away > 0) {
      this.away -= 1;
      throw platformErrors.failure('service-unavailable', 'The membership database is not connected yet.');
    }
    const found = this.organisations.find((organisation) => organisation.slug === slug);
    if (found === undefined) throw membership.membershipErrors.failure('organisation-not-found', 'There is no such organisation.');
    return found;
  }

  @Handles(membership.createOrganisation)
  async createOrganisation(...[{ organisationId, name, slug }]: HandlerArguments<typeof membership.createOrganisation>) {
    const organisation = { organisationId, name, slug, ...times };
    this.organisations.push(organisation);
    return organisation;
  }

  @Handles(membership.findProject)
  async findProject(...[{ project }]: HandlerArguments<typeof membership.findProject>) {
    const found = this.projects.find(({ slug }) => slug === project);
    if (found === undefined) throw membership.membershipErrors.failure('project-not-found', 'There is no such project.');
    return found;
  }

  @Handles(membership.createProject)
  async createProject(...[{ actor: _actor, ...project }]: HandlerArguments<typeof membership.createProject>) {
    const details = { metadata: {}, settings: {}, ...project, ...times };
    this.projects.push(details);
    return details;
  }

  @Handles(membership.grantRole)
  async grantRole(...[request]: HandlerArguments<typeof membership.grantRole>) {
    this.grants.push(request);
    return { granted: true };
  }

  @Handles(membership.describeDeployment)
  async describeDeployment() {
    return { claimed: this.grants.some(({ scope }) => scope.level === 'deployment') };
  }

  @Handles(membership.claimDeployment)
  async claimDeployment(...[{ userId, actor }]: HandlerArguments<typeof membership.claimDeployment>) {
    this.grants.push({ userId, actor, scope: { level: 'deployment' }, role: 'super_admin' });
    return {};
  }

  @Handles(profiles.getUser)
  async getUser(...[{ realmId, user }]: HandlerArguments<typeof profiles.getUser>) {
    const found = 'uid' in user ? this.userOf(user.uid)[0] : undefined;
    if (found === undefined) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    return profileOf(realmId, found.userId, found.email);
  }

  @Handles(profiles.upsertUser)
  async upsertUser(...[{ realmId, newUserId, patch }]: HandlerArguments<typeof profiles.upsertUser>) {
    const email = patch.email ?? '';
    if (!this.staff.some(({ userId }) => userId === newUserId)) this.staff.push({ userId: newUserId, email });
    return { user: profileOf(realmId, newUserId, email), created: true };
  }

  @Handles(profiles.listActivityEvents)
  async listActivityEvents(...[{ realmId }]: HandlerArguments<typeof profiles.listActivityEvents>) {
    return { events: this.activityEvents.get(realmId) ?? [], computing: [] };
  }

  @Handles(profiles.markActivityEvents)
  async markActivityEvents(...[{ realmId, events }]: HandlerArguments<typeof profiles.markActivityEvents>) {
    this.activityEvents.set(realmId, events);
    return { events, computing: [] };
  }

  @Handles(identity.setPassword)
  async setPassword(...[{ userId, password }]: HandlerArguments<typeof identity.setPassword>) {
    const user = this.staff.find((one) => one.userId === userId);
    if (user === undefined) throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
    user.password = password;
    return {};
  }

  @Handles(identity.createCredential)
  async createCredential(...[{ actor, ...wanted }]: HandlerArguments<typeof identity.createCredential>) {
    const credential = { credentialId: uuidv7(), ...wanted };
    const [key, secret] = [`key-${uuidv7()}`, `secret-${uuidv7()}`];
    this.credentials.push({ ...credential, key, secret, createdBy: `${actor.type}:${actor.id}` });
    return { credential, key: wanted.kind === 'client' ? null : key, secret: wanted.kind === 'api-key' ? null : secret, prefix: 'rc_', createdAt: new Date().toISOString() };
  }

  /** One at a time, so that whoever lists them has to follow the cursor. */
  @Handles(identity.listCredentials)
  async listCredentials(...[{ group, cursor }]: HandlerArguments<typeof identity.listCredentials>) {
    const ofGroup = this.credentials.filter((one) => isOf(group, one) && (cursor === undefined || one.credentialId > cursor));
    const page = ofGroup.slice(0, 1).map((one) => ({ ...one, prefix: 'rc_', createdAt: new Date().toISOString(), lastUsedAt: null }));
    return { credentials: page, nextCursor: ofGroup.length > 1 ? page[0]!.credentialId : null };
  }

  @Handles(identity.revokeCredential)
  async revokeCredential(...[{ credentialId, group }]: HandlerArguments<typeof identity.revokeCredential>) {
    const left = this.credentials.filter((one) => one.credentialId !== credentialId || (group !== undefined && !isOf(group, one)));
    if (left.length === this.credentials.length) throw identity.identityErrors.failure('credential-not-found', 'There is no such credential.');
    this.credentials = left;
    return {};
  }
}

function isOf(group: identity.CredentialGroup, { kind, projectId, organisationId }: identity.Credential): boolean {
  return group.kind === kind && group.projectId === projectId && group.organisationId === organisationId;
}

function profileOf(realmId: string, userId: string, email: string): profiles.Profile {
  const time = new Date().toISOString();
  const nothing = { externalId: null, displayName: null, firstName: null, lastName: null, phone: null, notes: null, city: null, country: null, region: null, timezone: null, preferences: {}, preferencesUpdatedAt: null, firstSeenAt: null, lastSeenAt: null, activity: {}, userName: null };
  return { ...nothing, userId, realmId, uid: email, email, attributes: {}, devices: [], isAccount: false, accounts: [], lists: [], segments: [], createdAt: time, createdBy: 'rollcall', modifiedAt: time, modifiedBy: 'rollcall', version: 1, isActive: true, roles: [] };
}

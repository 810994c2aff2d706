import { Injectable, type Provider, type Type } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { membership, profiles, staffRealmId, systemActor } from '#libs/contracts';
import { masterKeyConfig } from '#libs/platform/config';
import { Database, databaseConfig } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { EventsTransportModule } from '#libs/platform/events';
import type { AnyMessage, RequestInput, ResponseOf } from '#libs/platform/messages';
import { Handles, RpcClient, rpcConfig, RpcModule, type HandlerArguments } from '#libs/platform/rpc';
import { Readiness } from '#libs/platform/telemetry';
import { testApp, testDatabaseUrl } from '#libs/platform/testing';
import { migrations } from '../database/migrations.js';
import { invitationsConfig } from '../invitations/invitations.config.js';
import { MembershipModule } from '../membership.module.js';

type GrantScope = RequestInput<typeof membership.grantRole>['scope'];

/** Stands in for profiles: answers its messages as a spec says. The real one is met in the end-to-end specs. */
@Injectable()
export class ProfilesStandIn {
  /** Projects that have users. */
  readonly inhabited = new Set<string>();

  /** Staff, by id. */
  readonly people = new Map<string, { version: number; displayName: string | null; email: string | null }>();

  @Handles(profiles.readUsers)
  async read(...[{ realmId, userIds }]: HandlerArguments<typeof profiles.readUsers>) {
    return { users: userIds.flatMap((userId) => (this.people.has(userId) ? [profileOf(realmId, userId, this.people.get(userId)!)] : [])), rest: [] };
  }

  @Handles(profiles.describeRealm)
  async describe(...[{ realmId }]: HandlerArguments<typeof profiles.describeRealm>) {
    return { hasUsers: this.inhabited.has(realmId), holdsUsers: this.inhabited.has(realmId) };
  }
}

/** The whole service on a database of its own, spoken to by messages as others speak to it. */
export class MembershipApp {
  private constructor(
    private readonly rpc: RpcClient,
    readonly database: Database,
    readonly profiles: ProfilesStandIn,
    /** Finds a provider. */
    readonly provider: <T>(type: Type<T>) => T,
  ) {}

  /** @param standIns of further services that the spec meets */
  static async start(standIns: Provider[] = []): Promise<MembershipApp> {
    const app = await testApp({
      imports: [RpcModule.register('in-process'), EventsTransportModule.register('in-process'), MembershipModule],
      providers: [ProfilesStandIn, ...standIns],
      configs: [databaseConfig, rpcConfig, masterKeyConfig, invitationsConfig],
      environment: { DATABASE_URL: await testDatabaseUrl({ service: 'membership', migrations }), RPC_CHECK_REPLIES: 'true', RPC_DEADLINE_MS: '60000', ROLLCALL_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') },
    });
    await app.get(Readiness).whenStarted();
    return new MembershipApp(app.get(RpcClient, { strict: false }), app.get(Database, { strict: false }), app.get(ProfilesStandIn), (type) => app.get(type, { strict: false }));
  }

  /** Asked again while the service has no connection to spare, as every caller does: on a busy machine many at once wait too long for one. */
  async call<M extends AnyMessage>(message: M, request: RequestInput<M>, attempts = 10): Promise<ResponseOf<M>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.rpc.call(message, request, { requestId: 'spec' });
      } catch (error) {
        if (!isFailure(error, 'service-unavailable') || !error.value.message.startsWith('The membership database ') || attempt === attempts) throw error;
      }
    }
  }

  /** Under an idempotency key, one attempt. @param sent what the key was sent with */
  async callOnce<M extends AnyMessage>(message: M, request: RequestInput<M>, key: string, sent = 'request'): Promise<ResponseOf<M>> {
    return this.rpc.call(message, request, { requestId: 'spec', idempotency: { scopeId: staffRealmId, key, request: sent } });
  }

  /** The codes of failures, or `ok`. */
  async outcome<M extends AnyMessage>(message: M, request: RequestInput<M>): Promise<string> {
    return this.call(message, request).then(
      () => 'ok',
      (failure: { value?: { code: string } }) => failure.value?.code ?? String(failure),
    );
  }

  async organisation(): Promise<string> {
    const organisationId = uuidv7();
    await this.call(membership.createOrganisation, { organisationId, name: 'An organisation', slug: slug(), actor: systemActor });
    return organisationId;
  }

  async team(organisationId: string): Promise<string> {
    const teamId = uuidv7();
    await this.call(membership.createTeam, { teamId, organisationId, name: slug(), actor: systemActor });
    return teamId;
  }

  async project(organisationId: string, teamId: string | null = null): Promise<string> {
    const projectId = uuidv7();
    await this.call(membership.createProject, { projectId, organisationId, teamId, name: 'A project', slug: slug(), actor: systemActor });
    return projectId;
  }

  async grant(userId: string, scope: GrantScope, role: string): Promise<boolean> {
    return (await this.call(membership.grantRole, { userId, scope, role, actor: systemActor })).granted;
  }

  /** Somebody with a name in the directory, a member of the organisation. */
  async person(organisationId: string, displayName: string | null, email: string | null = null): Promise<string> {
    const userId = uuidv7();
    this.profiles.people.set(userId, { version: 1, displayName, email });
    await this.grant(userId, { level: 'organisation', organisationId }, 'member');
    await this.call(membership.refreshDirectory, { userIds: [userId] });
    return userId;
  }

  /** The data of the outbox's events of a type, in order. */
  async events(type: string): Promise<Record<string, unknown>[]> {
    const rows = await this.database.query<{ data: Record<string, unknown> }>('SELECT data FROM outbox WHERE type = $1 ORDER BY sequence', [type]);
    return rows.map(({ data }) => data);
  }
}

function profileOf(realmId: string, userId: string, person: { version: number; displayName: string | null; email: string | null }): profiles.Profile {
  const time = '2026-01-01T00:00:00.000Z';
  const nothing = { externalId: null, firstName: null, lastName: null, phone: null, notes: null, city: null, country: null, region: null, timezone: null, preferences: {}, preferencesUpdatedAt: null, firstSeenAt: null, lastSeenAt: null, userName: null };
  return { ...nothing, ...person, userId, realmId, uid: userId, attributes: {}, activity: {}, devices: [], isAccount: false, accounts: [], lists: [], segments: [], createdAt: time, createdBy: 'spec', modifiedAt: time, modifiedBy: 'spec', isActive: true, roles: [] };
}

let count = 0;

/** One that no other call of this spec file gets. */
export function slug(): string {
  count += 1;
  return `slug-${count}`;
}

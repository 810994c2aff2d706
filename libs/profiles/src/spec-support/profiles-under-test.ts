import { Injectable, type Provider, type Type } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { identity, membership, profiles, systemActor } from '#libs/contracts';
import { masterKeyConfig } from '#libs/platform/config';
import { Database, databaseConfig } from '#libs/platform/database';
import { EventsTransportModule } from '#libs/platform/events';
import { isFailure, type FailureValue } from '#libs/platform/errors';
import type { AnyMessage, RequestInput, RequestOf, ResponseOf } from '#libs/platform/messages';
import { Handles, RpcClient, rpcConfig, RpcModule } from '#libs/platform/rpc';
import { Readiness } from '#libs/platform/telemetry';
import { LogRecorder, testApp, testDatabaseUrl } from '#libs/platform/testing';
import { migrations } from '../database/migrations.js';
import { ProfilesModule } from '../profiles.module.js';

type LoginState = ResponseOf<typeof identity.describeLogins>['users'][number];

/** Stands in for identity: answers its messages as a spec says. The real one is met in the end-to-end specs. */
@Injectable()
export class IdentityStandIn {
  /** What profiles asked, in order. */
  readonly asked: RequestOf<typeof identity.changeLoginEmail>[] = [];
  readonly logins = new Map<string, LoginState>();
  onChangeEmail: (request: RequestOf<typeof identity.changeLoginEmail>) => Promise<ResponseOf<typeof identity.changeLoginEmail>> = async () => ({ applied: true });

  @Handles(identity.changeLoginEmail)
  async changeEmail(request: RequestOf<typeof identity.changeLoginEmail>) {
    this.asked.push(request);
    return this.onChangeEmail(request);
  }

  /** As it would answer to a change, of which nobody is told. */
  @Handles(identity.checkLoginEmail)
  async checkEmail(request: RequestOf<typeof identity.checkLoginEmail>) {
    await this.onChangeEmail(request);
    return {};
  }

  @Handles(identity.describeLogins)
  async describe({ userIds }: RequestOf<typeof identity.describeLogins>) {
    return { users: userIds.flatMap((userId) => this.logins.get(userId) ?? []) };
  }
}

/** Stands in for membership, which knows the projects and their settings. */
@Injectable()
export class MembershipStandIn {
  projects: membership.ProjectDetails[] = [];
  /** What it knows of users' roles in the project that is their home. */
  readonly roles = new Map<string, ResponseOf<typeof membership.describeProjectRoles>['users'][number]>();

  @Handles(membership.listProjects)
  async list({ after }: RequestOf<typeof membership.listProjects>) {
    // One a page, to have several.
    const place = Number(after ?? 0);
    return { projects: this.projects.slice(place, place + 1), nextCursor: place + 1 < this.projects.length ? String(place + 1) : null };
  }

  @Handles(membership.describeProjectRoles)
  async describeRoles({ userIds }: RequestOf<typeof membership.describeProjectRoles>) {
    return { users: userIds.flatMap((userId) => this.roles.get(userId) ?? []) };
  }
}

/** The profiles service over a database of its own, asked through its messages. */
export class ProfilesUnderTest {
  constructor(
    private readonly rpc: RpcClient,
    readonly database: Database,
    readonly identity: IdentityStandIn,
    readonly log: LogRecorder,
    readonly serverUrl: string,
    /** Finds a provider of the service. */
    readonly provider: <T>(type: Type<T>) => T,
  ) {}

  call<M extends AnyMessage>(message: M, request: RequestInput<M>, requestId = 'spec'): Promise<ResponseOf<M>> {
    return this.rpc.call(message, request, { requestId });
  }

  /** What the message fails with. */
  async failure<M extends AnyMessage>(message: M, request: RequestInput<M>): Promise<FailureValue> {
    try {
      await this.call(message, request);
    } catch (error) {
      if (isFailure(error)) return error.value;
      throw error;
    }
    throw new Error(`${message.subject} was answered, and should have failed`);
  }

  upsert(realmId: string, externalId: string, patch: profiles.ProfilePatch = {}, more: Partial<RequestInput<typeof profiles.upsertUser>> = {}) {
    return this.call(profiles.upsertUser, this.upsertRequest(realmId, externalId, patch, more));
  }

  upsertRequest(realmId: string, externalId: string, patch: profiles.ProfilePatch = {}, more: Partial<RequestInput<typeof profiles.upsertUser>> = {}): RequestInput<typeof profiles.upsertUser> {
    return { realmId, newUserId: uuidv7(), externalId, patch, actor: systemActor, ...more };
  }

  get(realmId: string, uid: string) {
    return this.call(profiles.getUser, { realmId, user: { uid } });
  }

  track(realmId: string, uid: string, event: Partial<RequestInput<typeof profiles.trackEvent>['event']> = {}) {
    return this.call(profiles.trackEvent, { realmId, user: { uid }, event: { id: uuidv7(), event: 'Paid', value: null, properties: {}, ...event } });
  }

  /** Types and data of the events in the outbox, in order. */
  async outbox<Data>(type: string): Promise<Data[]> {
    const rows = await this.database.query<{ data: Data }>('SELECT data FROM outbox WHERE type = $1 ORDER BY sequence', [type]);
    return rows.map(({ data }) => data);
  }
}

/**
 * @param serverUrl of a replica that is there already, to be another one; absent: on a new database
 * @param standIns of further services that the spec meets
 */
export async function profilesUnderTest(serverUrl?: string, standIns: Provider[] = []): Promise<ProfilesUnderTest> {
  const url = serverUrl ?? (await testDatabaseUrl({ service: 'profiles', migrations }));
  const log = new LogRecorder();
  const app = await testApp({
    imports: [RpcModule.register('in-process'), EventsTransportModule.register('in-process'), ProfilesModule],
    providers: [IdentityStandIn, MembershipStandIn, ...standIns],
    configs: [databaseConfig, rpcConfig, masterKeyConfig],
    environment: { DATABASE_URL: url, RPC_CHECK_REPLIES: 'true', RPC_DEADLINE_MS: '60000', ROLLCALL_MASTER_KEY: 'a'.repeat(64) },
    log,
  });
  await app.get(Readiness).whenStarted();
  return new ProfilesUnderTest(app.get(RpcClient), app.get(Database, { strict: false }), app.get(IdentityStandIn), log, url, (type) => app.get(type, { strict: false }));
}

import { Injectable } from '@nestjs/common';
import { exportSources, membership, profiles, staffRealmId, type Actor, type ExportRecord } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { standingAt } from '../access/admin-access.js';
import type { Admin } from '../access/admin.js';

export type ServiceRecord = ExportRecord & { service: string };
type Page = ResponseOf<(typeof exportSources)['profiles']>;
type Source = keyof typeof exportSources;

const sources = Object.keys(exportSources) as Source[];

/** Everything that is held about one user, for an access request. */
@Injectable()
export class UserExports {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * Where the user is at home, if the caller may take out what is held about them: in a project those who hold
   * `users:export` there, of staff as for deleting them; everybody may of themselves.
   * @throws Failure `user-not-found`, also for somebody whom the caller may not see; `user-shared`, `permission-missing`
   */
  async homeOf(userId: string, admin: Admin, viewer: membership.Viewer, context: CallContext): Promise<{ realmId: string; organisationId: string | null }> {
    const { realmId } = await this.rpc.call(profiles.findHome, { userId }, context);
    await this.mustBeAllowed({ realmId, userId }, admin, viewer, context);
    if (realmId !== staffRealmId) return { realmId, organisationId: null };
    const { roles } = await this.rpc.call(membership.getStaffMember, { userId, viewer }, context);
    const [organisationId = null, ...others] = [...new Set(roles.flatMap((role) => role.organisationId ?? []))];
    return { realmId, organisationId: others.length > 0 ? null : organisationId };
  }

  /** The same of a user whose home is known. @throws Failure `user-not-found`, `user-shared`, `permission-missing` */
  async mustBeAllowed({ realmId, userId }: { realmId: string; userId: string }, admin: Admin, viewer: membership.Viewer, context: CallContext): Promise<void> {
    if (realmId !== staffRealmId) {
      await standingAt(admin, { level: 'project', projectId: realmId }, 'users:export').catch((error: unknown) => {
        throw isFailure(error, 'project-not-found') ? userNotFound() : error;
      });
    } else if (admin.userId !== userId) {
      await this.rpc.call(membership.authoriseStaffChange, { userId, viewer, change: 'export' }, context);
    }
  }

  /**
   * All records, some at a time and never more than the reader takes. The audit trail is told first, and every service has
   * answered once when this has, so that what can go wrong at once goes wrong while there is still an answer to give.
   */
  async open({ realmId, userId, organisationId, actor }: { realmId: string; userId: string; organisationId: string | null; actor: Actor }, context: CallContext): Promise<AsyncIterable<ServiceRecord[]>> {
    await this.rpc.call(profiles.recordExport, { realmId, userId, organisationId, actor }, context);
    const read = (source: Source, after: string | null) => this.rpc.call(exportSources[source], { realmId, userId, after }, context);
    const first = await Promise.all(sources.map(async (source) => [source, await read(source, null)] as const));
    return recordsFrom(first, read);
  }
}

async function* recordsFrom(firstPages: readonly (readonly [Source, Page])[], read: (source: Source, after: string) => Promise<Page>): AsyncIterable<ServiceRecord[]> {
  for (const [source, first] of firstPages) {
    for (let page = first; ; page = await read(source, page.next)) {
      yield page.records.map((record) => ({ service: source, ...record }));
      if (page.next === null) break;
    }
  }
}

export function userNotFound() {
  return profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
}

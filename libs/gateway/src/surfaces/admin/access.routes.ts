import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { membership, permissionsOfLevel, profiles, type Level } from '#libs/contracts';
import { isFailure, platformErrors } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { adminAnywhere, adminPlace } from '../../access/access-rule.js';
import { placeOf, standingAt } from '../../access/admin-access.js';
import type { AdminCaller, AdminPlaceCaller } from '../../access/caller.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { userIdOf } from '../../upstream/members.js';
import { Places } from '../../upstream/places.js';
import { Staff } from '../../upstream/staff.js';
import { text } from './management.wire.js';
import { userParams, viewerOf } from './user.wire.js';

const pathObject = z.object({ level: z.string(), role: z.string() }).describe('A role that reaches the place, and the level it was given at');
const placeFields = { org_id: text.nullish(), team_id: text.nullish(), project_id: text.nullish() };
const check = z.strictObject({ user_id: text, permission: z.string({ error: 'must be a string' }).max(64, 'must not be longer than 64 characters'), ...placeFields });
const result = z.object({ allowed: z.boolean(), paths: z.array(pathObject) });
type Check = z.output<typeof check>;
type Result = z.output<typeof result>;

const explain = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/users/:user_id/access',
  access: adminPlace('query', { organisation: 'staff:read', team: 'staff:read', project: 'staff:read' }),
  summary: 'Explain what somebody may do in a project, a team or an organisation: every role that reaches it, with the level it was given at',
  params: userParams,
  query: z.object({ org_id: text.optional(), team_id: text.optional(), project_id: text.optional() }),
  answer: { status: 200, description: 'Roles and permissions', body: z.object({ user_id: z.string(), roles: z.array(pathObject.extend({ path: z.enum(['direct', 'team', 'organisation', 'deployment']) })), permissions: z.array(z.string()) }) },
  failures: { 404: 'There is no such user, or no such place, or nothing that you share.' },
});

const checkOne = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/access/check',
  access: adminPlace('body', { organisation: 'staff:read', team: 'staff:read', project: 'staff:read' }),
  idempotencyKey: { ignored: 'nothing is changed' },
  summary: 'Ask whether a user may do something, and by which roles',
  body: check,
  answer: { status: 200, description: 'The answer', body: result },
  failures: { 404: 'There is no such organisation, team or project.' },
});

const checkMany = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/access/check/batch',
  access: adminAnywhere,
  idempotencyKey: { ignored: 'nothing is changed' },
  summary: 'Ask up to 100 such questions at once; answers come in their order',
  body: z.strictObject({ checks: z.array(check).min(1, 'must not be empty').max(100, 'must not have more than 100 items') }),
  answer: { status: 200, description: 'The answers', body: z.object({ results: z.array(result.extend({ error: z.string().optional() })) }) },
});

@Controller()
export class AccessRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly places: Places,
    private readonly staff: Staff,
  ) {}

  @Serves(explain)
  async explain({ params, query, caller, requestId }: RouteCall<typeof explain>): Promise<z.output<typeof explain.answer.body>> {
    if (caller.place === undefined || Object.keys(query).length > 1) throw nowhere('');
    const userId = await this.known(params.user_id, caller, requestId);
    const { roles, permissions } = await this.places.accessOf(userId, caller.place, requestId);
    const { level: here } = caller.place;
    return { user_id: userId, roles: roles.map(({ level, role }) => ({ level, role, path: level === here ? ('direct' as const) : (level as 'team' | 'organisation' | 'deployment') })), permissions };
  }

  @Serves(checkOne)
  async checkOne({ body, caller, requestId }: RouteCall<typeof checkOne>): Promise<Result> {
    return this.check(caller, body, requestId, '');
  }

  @Serves(checkMany)
  async checkMany({ body, caller, requestId }: RouteCall<typeof checkMany>): Promise<z.output<typeof checkMany.answer.body>> {
    const answered = body.checks.map(async (one, index) =>
      this.check(caller, one, requestId, `checks[${index}]`).catch((error: unknown) => {
        // A place that is not the asker's is an answer to one question; a question that means nothing refuses the batch.
        if (isFailure(error) && (error.value.kind === 'not-found' || error.value.kind === 'forbidden')) return { allowed: false, paths: [], error: error.value.code };
        throw error;
      }),
    );
    return { results: await Promise.all(answered) };
  }

  /** Whoever asks about a stranger hears that there is no such user. A project's own users are no staff, and are known in their project. */
  private async known(userId: string, { admin, place }: AdminPlaceCaller, requestId: string): Promise<string> {
    try {
      return (await this.staff.member(userId, viewerOf(admin), requestId)).userId;
    } catch (error) {
      if (place?.level !== 'project' || !isFailure(error, 'user-not-found')) throw error;
      const user = await this.rpc.call(profiles.getUser, { realmId: place.projectId, user: { userId: userIdOf(userId) } }, { requestId });
      return user.userId;
    }
  }

  private async check({ admin }: AdminCaller, asked: Check, requestId: string, at: string): Promise<Result> {
    const place = placeAsked(asked, at);
    const known: readonly string[] = permissionsOfLevel[place.level];
    if (!known.includes(asked.permission)) {
      throw platformErrors.failure('invalid-request', `There is no such permission in ${place.level === 'organisation' ? 'an' : 'a'} ${place.level}: it is one of ${known.join(', ')}.`, { details: [{ path: below(at, 'permission'), message: `must be one of ${known.join(', ')}` }] });
    }
    await standingAt(admin, place, 'staff:read');
    const { roles, permissions } = await this.places.accessOf(userIdOf(asked.user_id), place, requestId);
    const allowed = permissions.includes(asked.permission);
    const giving = allowed ? roles.filter(({ permissions: ofRole }) => ofRole?.includes(asked.permission) ?? true) : [];
    return { allowed, paths: giving.map(({ level, role }) => ({ level, role })) };
  }
}

function placeAsked({ org_id, team_id, project_id }: Check, at: string): Extract<membership.Scope, { level: Exclude<Level, 'deployment'> }> {
  const named = [org_id, team_id, project_id].filter((id) => id != null);
  if (named.length !== 1) throw nowhere(at);
  if (project_id != null) return placeOf('project', project_id);
  return team_id != null ? placeOf('team', team_id) : placeOf('organisation', org_id!);
}

function nowhere(at: string) {
  return platformErrors.failure('invalid-request', 'Name one of org_id, team_id and project_id.', { details: [{ path: below(at, 'project_id'), message: 'or org_id or team_id is required, one of them' }] });
}

function below(at: string, field: string): string {
  return at === '' ? field : `${at}.${field}`;
}

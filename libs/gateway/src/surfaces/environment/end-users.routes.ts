import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { isFailure, platformErrors } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { endUser } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { toSingleEvent, trackedEventBody } from '../../http/tracked-event.js';
import { EndUsers } from '../../upstream/end-users.js';
import { preferences, withoutAbsent } from './customer-items.js';
import { sightOf } from './sight.js';
import { customerObject, shownFields, toCustomer, type CustomerObject } from './user.wire.js';

const erased = { 410: 'The user was erased.' };

const getMe = route({
  surface: 'environment',
  method: 'GET',
  path: ['/users/me', '/v1/:project/users/me'],
  access: endUser,
  summary: 'The end user, by their own token; its first use writes its claims to their profile',
  answer: { status: 200, description: 'The user. X-Rollcall-Claims-Skipped names the claims that the profile did not take', body: z.object({ data: customerObject }), headers: ['X-Rollcall-Claims-Skipped'] },
  failures: erased,
});

const putMyPreferences = route({
  surface: 'environment',
  method: 'PUT',
  path: ['/users/me/preferences', '/v1/:project/users/me/preferences'],
  access: endUser,
  summary: 'Change the end user’s own preferences',
  body: preferences,
  answer: { status: 200, description: 'The user', body: z.object({ data: customerObject }), headers: ['X-Rollcall-Claims-Skipped'] },
  failures: erased,
});

const trackMine = route({
  surface: 'environment',
  method: 'POST',
  path: ['/users/me/events', '/v1/:project/users/me/events'],
  access: endUser,
  idempotencyKey: 'honoured',
  summary: 'Add an event to the end user’s own time line',
  body: trackedEventBody,
  answer: { status: 200, description: 'Stored, now or by an earlier try', body: z.object({ status: z.literal('ok') }), headers: ['X-Rollcall-Claims-Skipped'] },
  failures: erased,
});

/** What end users may do with the tokens that their application signed for them. */
@Controller()
export class EndUsersRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly endUsers: EndUsers,
  ) {}

  @Serves(getMe)
  async get({ caller, requestId, http, reply }: RouteCall<typeof getMe>): Promise<{ data: CustomerObject }> {
    const { result, skipped } = await this.endUsers.with(caller, requestId, async (userId) => {
      await this.seen(caller.projectId, userId, http, requestId);
      return this.rpc.call(profiles.getUser, { realmId: caller.projectId, user: { userId } }, { requestId });
    });
    reportSkipped(reply, skipped);
    return { data: await this.shown(result, requestId) };
  }

  @Serves(putMyPreferences)
  async putPreferences({ body, caller, requestId, http, reply }: RouteCall<typeof putMyPreferences>): Promise<{ data: CustomerObject }> {
    const { projectId, actor, token } = caller;
    const { result, skipped } = await this.endUsers.with(caller, requestId, async (userId) => {
      await this.seen(projectId, userId, http, requestId);
      const request = { realmId: projectId, newUserId: newId(), externalId: token.uid, patch: { preferences: withoutAbsent(body) }, recreateErased: false, mayChangeEmail: false, actor };
      return this.rpc.call(profiles.upsertUser, request, { requestId });
    });
    reportSkipped(reply, skipped);
    return { data: await this.shown(result.user, requestId) };
  }

  @Serves(trackMine)
  async track({ body, caller, context, http, reply }: RouteCall<typeof trackMine>): Promise<{ status: 'ok' }> {
    const event = toSingleEvent(body, http);
    const { skipped } = await this.endUsers
      .with(caller, context.requestId, (userId) => this.rpc.call(profiles.trackEvent, { realmId: caller.projectId, user: { userId }, event, sight: sightOf(http) }, context))
      .catch((error: unknown) => {
        throw isFailure(error, 'invalid-event') ? platformErrors.failure('invalid-request', error.value.message, { details: error.value.details }) : error;
      });
    reportSkipped(reply, skipped);
    return { status: 'ok' };
  }

  private async shown(user: profiles.Profile, requestId: string): Promise<CustomerObject> {
    const [{ fields }, { events }] = await Promise.all([
      this.rpc.call(profiles.listFields, { realmId: user.realmId }, { requestId }),
      this.rpc.call(profiles.listActivityEvents, { realmId: user.realmId }, { requestId }),
    ]);
    return toCustomer(user, shownFields({ declared: fields.map(({ name }) => name), marked: events }));
  }

  private async seen(realmId: string, userId: string, http: FastifyRequest, requestId: string): Promise<void> {
    await this.rpc.call(profiles.noteSight, { realmId, userId, sight: sightOf(http) }, { requestId });
  }
}

/** Names of claims, percent-encoded: a claim may be called what no header can hold. */
function reportSkipped(reply: FastifyReply, skipped: readonly string[]): void {
  if (skipped.length > 0) void reply.header('x-rollcall-claims-skipped', skipped.map(encodeURIComponent).join(', '));
}

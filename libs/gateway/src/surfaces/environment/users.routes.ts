import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { permissionsOfClients, profiles } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { environmentRole } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { customersBody, readCustomerItems } from './customer-items.js';
import { batchRefusal, batchRefused, inTheseWords } from './refusals.js';
import { customerObject, shownFields, toCustomer, toWrittenCustomer, writtenCustomer, type CustomerObject } from './user.wire.js';
import { wholeNumberMeta } from '../../http/whole-number.js';

const listCustomers = route({
  surface: 'environment',
  method: 'GET',
  path: ['/users', '/v1/:project/users'],
  access: environmentRole('events'),
  summary: 'List customers, newest first',
  query: z.object({
    limit: z
      .string()
      .regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
      .transform(Number)
      .optional()
      .describe('1 to 100, default 50')
      .meta(wholeNumberMeta(1, 100, 50)),
    segmentId: z.string().optional().describe('Only customers of this segment'),
    cursor: z.string().max(256, 'is not a cursor').optional().describe('`cursor` of the page before'),
  }),
  answer: { status: 200, description: 'One page; `cursor` is null on the last', body: z.object({ data: z.object({ users: z.array(customerObject) }), cursor: z.string().nullable() }) },
  failures: { 404: 'There is no such segment.' },
});

const saveCustomers = route({
  surface: 'environment',
  method: 'POST',
  path: ['/users', '/v1/:project/users'],
  access: environmentRole('events'),
  idempotencyKey: 'honoured',
  summary: 'Create and update customers: all of them, or none',
  body: customersBody,
  answer: { status: 200, description: 'What is stored, in the order of the request', body: z.object({ data: z.object({ users: z.array(writtenCustomer) }) }) },
  failures: { 409: 'An email is the login of another user.', 410: 'An id was erased, and is not to be used again without `recreate`.' },
});

@Controller()
export class EnvironmentUsersRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(listCustomers)
  async list({ query, caller, requestId }: RouteCall<typeof listCustomers>): Promise<z.output<typeof listCustomers.answer.body>> {
    const { limit = 50, segmentId } = query;
    if (segmentId !== undefined && !z.uuid().safeParse(segmentId).success) throw profiles.profilesErrors.failure('segment-not-found', 'There is no such segment.');
    const users: CustomerObject[] = [];
    let cursor = query.cursor;
    // Large users come in several answers.
    do {
      const page = await this.rpc.call(profiles.listNewestUsers, { realmId: caller.projectId, limit: limit - users.length, cursor, segmentId: segmentId?.toLowerCase() }, { requestId });
      const shown = shownFields(page);
      users.push(...page.users.map((user) => toCustomer(user, shown)));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && users.length < limit);
    return { data: { users }, cursor: cursor ?? null };
  }

  @Serves(saveCustomers)
  async save({ body, caller, context }: RouteCall<typeof saveCustomers>): Promise<z.output<typeof saveCustomers.answer.body>> {
    const { users: items, places, mistakes } = readCustomerItems(body.users);
    const checkOnly = mistakes.length > 0;
    let written: ResponseOf<typeof profiles.upsertUsers> | undefined;
    try {
      if (items.length > 0) written = await this.rpc.call(profiles.upsertUsers, { realmId: caller.projectId, users: items, declaredOnly: true, asAddressed: true, checkOnly, permissions: [...permissionsOfClients], actor: caller.actor }, context);
    } catch (error) {
      if (!checkOnly) throw batchRefusal(error, places);
      if (isFailure(error)) mistakes.push(...(error.value.details ?? []).map((detail) => inTheseWords(detail, places)));
    }
    if (checkOnly || written === undefined) throw batchRefused(mistakes);
    const shown = shownFields(written);
    const users = [...written.users, ...(await this.read(caller.projectId, written.rest, context.requestId))];
    return { data: { users: users.map((user) => toWrittenCustomer(user, shown)) } };
  }

  /** Users that did not fit in the answer to their writing. */
  private async read(realmId: string, userIds: readonly string[], requestId: string): Promise<profiles.Profile[]> {
    const users: profiles.Profile[] = [];
    let rest = [...userIds];
    while (rest.length > 0) {
      const page = await this.rpc.call(profiles.readUsers, { realmId, userIds: rest }, { requestId });
      users.push(...page.users);
      rest = page.rest;
    }
    return users;
  }
}

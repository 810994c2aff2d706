import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { givenJson, membership } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminAnywhere, staffMember } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { userIdOf } from '../../upstream/members.js';
import { StaffChanges } from '../../upstream/staff-changes.js';
import { nameText } from './management.wire.js';
import { toUserObject, userObject, userParams, viewerOf, type UserObject } from './user.wire.js';

const changes = z.strictObject({
  user_name: nameText.nullish(),
  preferences: z.record(z.string(), givenJson, { error: 'must be an object' }).nullish().describe('Merged key by key'),
  status: z.enum(['active', 'inactive'], { error: 'must be active or inactive' }).nullish().describe('In the organisations that you administer'),
  global_role: z.enum(['super_admin', 'none'], { error: 'must be super_admin or none' }).nullish(),
});
const refused = { 409: 'The last org_admin of an organisation and the last super_admin stay.' };
const unknown = { 404: 'There is no such user, or nothing that you share.' };

const changeMe = route({
  surface: 'admin',
  method: 'PATCH',
  path: '/v1/admin/users/me',
  access: staffMember,
  summary: 'Change your name and preferences; status and global_role as far as you might change them of another of your rank',
  body: changes,
  answer: { status: 200, description: 'You', body: userObject },
  failures: refused,
});

const change = route({
  surface: 'admin',
  method: 'PATCH',
  path: '/v1/admin/users/:user_id',
  access: adminAnywhere,
  summary: 'Change somebody: name and preferences while yours is their only organisation, their status in yours; as a super_admin anybody',
  params: userParams,
  body: changes,
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { ...unknown, ...refused },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/users/:user_id',
  access: adminAnywhere,
  summary: 'Delete somebody whose only organisation is yours: sessions end, lists hide them; they can be restored until they are erased',
  params: userParams,
  answer: { status: 204, description: 'They are gone everywhere within a second' },
  failures: { ...unknown, ...refused },
});

const restore = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/users/:user_id/restore',
  access: adminAnywhere,
  idempotencyKey: { ignored: 'restoring somebody again changes nothing' },
  summary: 'Restore somebody who was deleted, with their roles and their login',
  params: userParams,
  answer: { status: 200, description: 'The user', body: userObject },
  failures: unknown,
});

@Controller()
export class UserChangesRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly staff: StaffChanges,
  ) {}

  @Serves(changeMe)
  async changeMe({ body, caller, context }: RouteCall<typeof changeMe>): Promise<UserObject> {
    const { member, person } = await this.staff.change(caller.userId, viewerOf(caller.admin), body, caller.actor, context);
    return toUserObject(member, person, true);
  }

  @Serves(change)
  async change({ params, body, caller, context }: RouteCall<typeof change>): Promise<UserObject> {
    const { member, person } = await this.staff.change(userIdOf(params.user_id), viewerOf(caller.admin), body, caller.actor, context);
    return toUserObject(member, person);
  }

  @Serves(remove)
  async remove({ params, caller, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(membership.deleteStaff, { userId: userIdOf(params.user_id), viewer: viewerOf(caller.admin), actor: caller.actor }, context);
  }

  @Serves(restore)
  async restore({ params, caller, requestId, context }: RouteCall<typeof restore>): Promise<UserObject> {
    const [userId, viewer] = [userIdOf(params.user_id), viewerOf(caller.admin)];
    await this.rpc.call(membership.restoreStaff, { userId, viewer, actor: caller.actor }, context);
    const { member, person } = await this.staff.get(userId, viewer, requestId);
    return toUserObject(member, person);
  }
}

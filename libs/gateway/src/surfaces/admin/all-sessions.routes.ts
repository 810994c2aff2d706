import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { identity, staffRealmId } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminDeployment, adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { projectParams } from './management.wire.js';

const idempotencyKey = { ignored: 'what has ended stays so, and the same again ends what is left' } as const;
/** For a body without a field: one that is sent by mistake is named. */
const body = z.strictObject({}).optional();
const ended = z.object({ ended: z.number().int().describe('Sessions that went on until now'), more: z.boolean().describe('There was no time for all: the same again goes on') });
const description = 'Tokens of these sessions are refused everywhere within a second; who has one logs in again. Sessions that begin meanwhile may go on.';

const ofProject = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/sessions/end',
  access: adminProject('project:administer'),
  idempotencyKey,
  summary: 'Log out all users of the project; not its staff',
  description,
  params: projectParams,
  body,
  answer: { status: 200, description: 'How many', body: ended },
  failures: { 404: 'There is no such project.' },
});

const ofStaff = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/sessions/end',
  access: adminDeployment('sessions:write'),
  idempotencyKey,
  summary: 'Log out all staff, whoever asks among them',
  description,
  body,
  answer: { status: 200, description: 'How many', body: ended },
});

/** After a theft: everybody is to log in again. */
@Controller()
export class AllSessionsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(ofProject)
  async endOfProject({ caller: { actor, projectId }, context }: RouteCall<typeof ofProject>): Promise<z.output<typeof ended>> {
    return this.rpc.call(identity.endSessionsOfRealm, { realmId: projectId, actor }, context);
  }

  @Serves(ofStaff)
  async endOfStaff({ caller: { actor }, context }: RouteCall<typeof ofStaff>): Promise<z.output<typeof ended>> {
    return this.rpc.call(identity.endSessionsOfRealm, { realmId: staffRealmId, actor }, context);
  }
}

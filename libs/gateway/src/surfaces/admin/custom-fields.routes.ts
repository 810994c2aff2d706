import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { projectParams } from './management.wire.js';

const allFields = z.object({ fields: z.array(profiles.profileField) });
type AllFields = z.output<typeof allFields>;

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/custom-fields',
  access: adminProject('users:read'),
  summary: 'List the custom profile fields of a project',
  params: projectParams,
  answer: { status: 200, description: 'All fields of the project', body: allFields },
  failures: { 404: 'There is no such project.' },
});

const put = route({
  surface: 'admin',
  method: 'PUT',
  path: '/v1/admin/projects/:project_id/custom-fields',
  access: adminProject('project:administer'),
  summary: 'Add custom profile fields, or change their labels and types; those that are not named stay',
  params: projectParams,
  body: z.strictObject({
    fields: z
      .array(
        z.strictObject({
          name: z.string({ error: 'is required and must be a string' }).refine((name) => profiles.fieldName.safeParse(name).success, 'must be 1 to 64 letters, digits or any of . _ -'),
          type: z.enum(profiles.fieldType.options, { error: `must be one of ${profiles.fieldType.options.join(', ')}` }),
          label: z.string({ error: 'must be a string' }).max(256, 'must not be longer than 256 characters').nullish().describe('Default: the one it has, else the name'),
        }),
      )
      .min(1, 'must hold a field')
      .max(profiles.mostFields, `must not hold more than ${profiles.mostFields} fields`),
  }),
  answer: { status: 200, description: 'All fields of the project', body: allFields },
  failures: { 404: 'There is no such project.', 409: 'Stored values contradict the new type; says how many.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/custom-fields/:name',
  access: adminProject('project:administer'),
  summary: 'Remove a custom profile field, and its values',
  params: projectParams.extend({ name: z.string() }),
  answer: { status: 200, description: 'The fields that are left', body: allFields },
  failures: { 404: 'There is no such project or field.' },
});

/** The same fields as surface A's, for staff instead of API clients. */
@Controller()
export class CustomFieldsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ caller, requestId }: RouteCall<typeof list>): Promise<AllFields> {
    return this.rpc.call(profiles.listFields, { realmId: caller.projectId }, { requestId });
  }

  @Serves(put)
  async put({ body, caller, context }: RouteCall<typeof put>): Promise<AllFields> {
    const fields = body.fields.map(({ name, type, label }) => ({ name, type, ...(label == null ? {} : { label }) }));
    return this.rpc.call(profiles.declareFields, { realmId: caller.projectId, fields, actor: caller.actor }, context);
  }

  @Serves(remove)
  async remove({ params, caller, context }: RouteCall<typeof remove>): Promise<AllFields> {
    if (!profiles.fieldName.safeParse(params.name).success) throw profiles.profilesErrors.failure('field-not-found', 'There is no such custom field.');
    return this.rpc.call(profiles.removeField, { realmId: caller.projectId, name: params.name, actor: caller.actor }, context);
  }
}

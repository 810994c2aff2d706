import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { isFailure, mistakesSentence } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { environmentRole } from '../../access/access-rule.js';
import { parseInput } from '../../http/parse-input.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';

const field = z.strictObject(
  {
    name: z.string({ error: 'is required and must be a string' }).refine((name) => profiles.fieldName.safeParse(name).success, 'must be 1 to 64 letters, digits or any of . _ -'),
    type: z.enum(profiles.fieldType.options, { error: `must be one of ${profiles.fieldType.options.join(', ')}` }),
    label: z.string({ error: 'must be a string' }).max(256, 'must not be longer than 256 characters').optional().describe('Default: the one it has, else the name'),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
);
const someFields = z.array(field).min(1, 'must hold a field').max(profiles.mostFields, `must not hold more than ${profiles.mostFields} fields`);
const openApi = { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' } as const;

const allFields = z.object({ data: z.array(profiles.profileField) });
type AllFields = z.output<typeof allFields>;

const listFields = route({
  surface: 'environment',
  method: 'GET',
  path: ['/users/custom-profile-fields', '/v1/:project/users/custom-profile-fields'],
  access: environmentRole('workbench'),
  summary: 'List the custom profile fields',
  answer: { status: 200, description: 'All fields of the project', body: allFields },
});

const putFields = route({
  surface: 'environment',
  method: 'PUT',
  path: ['/users/custom-profile-fields', '/v1/:project/users/custom-profile-fields'],
  access: environmentRole('workbench'),
  summary: 'Add custom profile fields, or change their labels and types',
  body: z.unknown().meta({ oneOf: [z.toJSONSchema(someFields, openApi), z.toJSONSchema(field, openApi)] }),
  answer: { status: 200, description: 'All fields of the project', body: allFields },
  failures: { 409: 'Stored values contradict the new type; says how many.' },
});

const deleteField = route({
  surface: 'environment',
  method: 'DELETE',
  path: ['/users/custom-profile-fields/:name', '/v1/:project/users/custom-profile-fields/:name'],
  access: environmentRole('workbench'),
  summary: 'Remove a custom profile field, and its values',
  params: z.object({ name: z.string() }),
  answer: { status: 200, description: 'The fields that are left', body: allFields },
  failures: { 404: 'There is no such field.' },
});

@Controller()
export class ProfileFieldsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(listFields)
  async list({ caller, requestId }: RouteCall<typeof listFields>): Promise<AllFields> {
    const { fields } = await this.rpc.call(profiles.listFields, { realmId: caller.projectId }, { requestId });
    return { data: fields };
  }

  @Serves(putFields)
  async put({ body, caller, context }: RouteCall<typeof putFields>): Promise<AllFields> {
    const isList = Array.isArray(body);
    // Parsed as what it is, so that a mistake is named where the sender wrote it.
    const wanted = isList ? (parseInput(someFields, body, '') as z.output<typeof someFields>) : [parseInput(field, body, '') as z.output<typeof field>];
    const { fields } = await this.rpc
      .call(profiles.declareFields, { realmId: caller.projectId, fields: wanted, actor: caller.actor }, context)
      .catch((error: unknown) => {
        throw inTheseWords(error, isList);
      });
    return { data: fields };
  }

  @Serves(deleteField)
  async delete({ params, caller, context }: RouteCall<typeof deleteField>): Promise<AllFields> {
    if (!profiles.fieldName.safeParse(params.name).success) throw profiles.profilesErrors.failure('field-not-found', 'There is no such custom field.');
    const { fields } = await this.rpc.call(profiles.removeField, { realmId: caller.projectId, name: params.name, actor: caller.actor }, context);
    return { data: fields };
  }
}

/** `fields[1].type` is `[1].type` where the sender wrote a list, and `type` where they wrote one field. */
function inTheseWords(error: unknown, isList: boolean): unknown {
  if (!isFailure(error) || error.value.details === undefined) return error;
  const { code, message } = error.value;
  if (code !== 'field-conflict' && code !== 'invalid-field') return error;
  const details = error.value.details.map((detail) => ({ ...detail, path: isList ? detail.path.replace(/^fields/, '') : detail.path.replace(/^fields\[0\]\./, '') }));
  return profiles.profilesErrors.failure(code, code === 'invalid-field' ? mistakesSentence(details, 'The fields') : message, { details });
}

import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { identity } from '#libs/contracts';
import { isFailure, platformErrors } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { pageFields, pageQuery, projectParams } from './management.wire.js';
import { putSdkKeyBody, sdkKeyObject, toSdkKeyObject, type SdkKeyObject } from './sdk-key.wire.js';

const keyParams = projectParams.extend({ sdk_key_id: z.string() });

const put = route({
  surface: 'admin',
  method: 'PUT',
  path: '/v1/admin/projects/:project_id/sdk-keys',
  access: adminProject('project:administer'),
  summary: 'Register the public key that end-user tokens are verified with, or replace the one of this name',
  params: projectParams,
  body: putSdkKeyBody,
  answer: { status: 200, description: 'The key; `sdk_key_id` is the `iss` of its tokens', body: sdkKeyObject },
  failures: { 404: 'There is no such project.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/sdk-keys',
  access: adminProject('project:administer'),
  summary: 'List SDK keys, newest first',
  params: projectParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ sdk_keys: z.array(sdkKeyObject), ...pageFields }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/sdk-keys/:sdk_key_id',
  access: adminProject('project:administer'),
  summary: 'Get an SDK key',
  params: keyParams,
  answer: { status: 200, description: 'The key', body: sdkKeyObject },
  failures: { 404: 'There is no such project or key.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/sdk-keys/:sdk_key_id',
  access: adminProject('project:administer'),
  summary: 'Remove an SDK key, and with it every token that it signed',
  params: keyParams,
  answer: { status: 204, description: 'Its tokens are refused everywhere within a second' },
  failures: { 404: 'There is no such project or key.' },
});

@Controller()
export class SdkKeysRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(put)
  async put({ body, caller, context }: RouteCall<typeof put>): Promise<SdkKeyObject> {
    const { name, public_key: publicKey, algorithm, claims } = body;
    const request = { projectId: caller.projectId, newSdkKeyId: newId(), name, publicKey, algorithm, claims, actor: caller.actor };
    return toSdkKeyObject(await this.rpc.call(identity.putSdkKey, request, context).catch(inTheseWords));
  }

  @Serves(list)
  async list({ query, caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { sdkKeys, nextCursor } = await this.rpc.call(identity.listSdkKeys, { projectId: caller.projectId, limit: query.page_size, cursor: query.cursor }, context);
    return { sdk_keys: sdkKeys.map(toSdkKeyObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ params, caller, context }: RouteCall<typeof get>): Promise<SdkKeyObject> {
    return toSdkKeyObject(await this.rpc.call(identity.getSdkKey, { projectId: caller.projectId, sdkKeyId: existing(params.sdk_key_id) }, context));
  }

  @Serves(remove)
  async remove({ params, caller, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(identity.removeSdkKey, { projectId: caller.projectId, sdkKeyId: existing(params.sdk_key_id), actor: caller.actor }, context);
  }
}

/** What is not an id can't be any key's: the same 404 as an unknown one. */
function existing(id: string): string {
  if (z.uuid().safeParse(id).success) return id;
  throw identity.identityErrors.failure('sdk-key-not-found', 'There is no such SDK key.');
}

function inTheseWords(error: unknown): never {
  if (!isFailure(error, 'sdk-key-refused')) throw error;
  const details = error.value.details?.map(({ message }) => ({ path: 'public_key', message }));
  throw platformErrors.failure('invalid-request', error.value.message, { details });
}

import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { identity } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { adminOrganisation } from '../../access/access-rule.js';
import type { Admin } from '../../access/admin.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { httpsText } from './sso.wire.js';

const orgParams = z.object({ org_id: z.string() });
const connectionObject = z.object({
  org_id: z.string(),
  issuer: z.string(),
  client_id: z.string(),
  email_domains: z.array(z.string()),
  auto_join: z.boolean(),
  trust_email: z.boolean(),
  return_urls: z.array(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
});
type ConnectionObject = z.output<typeof connectionObject>;
const notSetUp = { 404: 'There is no such organisation, or it has no single sign-on.' };

const put = route({
  surface: 'admin',
  method: 'PUT',
  path: '/v1/admin/orgs/:org_id/sso',
  access: adminOrganisation,
  summary: 'Set how people of the organisation log in at their own OpenID provider; its description is read first',
  params: orgParams,
  example: { issuer: 'https://login.example.com', client_id: 'rollcall', client_secret: 'a secret of the provider', email_domains: ['example.com'] },
  body: z.strictObject({
    /** A super_admin changes it. */
    issuer: httpsText,
    client_id: z.string().min(1).max(512),
    /** Left out: the one there is stays. */
    client_secret: z.string().min(1).max(2_048).nullish(),
    /** Only people with addresses of these domains come in. A super_admin adds new ones. */
    email_domains: z.array(z.string().trim().toLowerCase().pipe(identity.emailDomain)).min(1).max(50),
    auto_join: z.boolean().nullish(),
    /** A super_admin turns it on. */
    trust_email: z.boolean().nullish(),
    return_urls: z.array(httpsText).max(20).nullish(),
  }),
  answer: { status: 200, description: 'The connection; its secret is shown to nobody', body: connectionObject },
  failures: { 404: 'There is no such organisation.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id/sso',
  access: adminOrganisation,
  summary: 'Get the organisation’s single sign-on',
  params: orgParams,
  answer: { status: 200, description: 'The connection', body: connectionObject },
  failures: notSetUp,
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id/sso-connections',
  access: adminOrganisation,
  summary: 'List the organisation’s single sign-on: one, or none',
  params: orgParams,
  answer: { status: 200, description: 'The connection, if there is one', body: z.object({ sso_connections: z.array(connectionObject) }) },
  failures: { 404: 'There is no such organisation.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/orgs/:org_id/sso',
  access: adminOrganisation,
  summary: 'Take the organisation’s single sign-on away; sessions that began by it go on',
  params: orgParams,
  answer: { status: 204, description: 'It is gone' },
  failures: notSetUp,
});

const test = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/orgs/:org_id/sso/test',
  access: adminOrganisation,
  idempotencyKey: { ignored: 'nothing is changed' },
  summary: 'Read the provider’s description now',
  params: orgParams,
  answer: { status: 200, description: 'The provider answers', body: z.object({ issuer: z.string(), authorization_endpoint: z.string(), token_endpoint: z.string() }) },
  failures: notSetUp,
});

/** Setting up an organisation's single sign-on. */
@Controller()
export class SsoRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(put)
  async put({ body, caller, context }: RouteCall<typeof put>): Promise<ConnectionObject> {
    const request = {
      organisationId: caller.organisationId,
      issuer: body.issuer,
      clientId: body.client_id,
      clientSecret: body.client_secret ?? null,
      emailDomains: body.email_domains,
      autoJoin: body.auto_join ?? false,
      trustsEmail: body.trust_email ?? false,
      returnUrls: body.return_urls ?? [],
      mayAddDomains: await answersForDeployment(caller.admin),
      actor: caller.actor,
    };
    return toConnection(await this.rpc.call(identity.putSsoConnection, request, context));
  }

  @Serves(get)
  async get({ caller, context }: RouteCall<typeof get>): Promise<ConnectionObject> {
    return toConnection(await this.rpc.call(identity.getSsoConnection, { organisationId: caller.organisationId }, context));
  }

  @Serves(list)
  async list({ caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const found = await this.rpc.call(identity.getSsoConnection, { organisationId: caller.organisationId }, context).catch((error: unknown) => {
      if (isFailure(error, 'sso-not-set-up')) return undefined;
      throw error;
    });
    return { sso_connections: found === undefined ? [] : [toConnection(found)] };
  }

  @Serves(remove)
  async remove({ caller, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(identity.removeSsoConnection, { organisationId: caller.organisationId, actor: caller.actor }, context);
  }

  @Header('cache-control', 'no-store')
  @Serves(test)
  async test({ caller, context }: RouteCall<typeof test>): Promise<z.output<typeof test.answer.body>> {
    const { issuer, authorizationEndpoint, tokenEndpoint } = await this.rpc.call(identity.testSsoConnection, { organisationId: caller.organisationId }, context);
    return { issuer, authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint };
  }
}

async function answersForDeployment(admin: Admin): Promise<boolean> {
  return (await admin.at({ level: 'deployment' })).permissions.includes('orgs:create');
}

function toConnection({ organisationId, issuer, clientId, emailDomains, autoJoin, trustsEmail, returnUrls, createdAt, modifiedAt }: identity.SsoConnection): ConnectionObject {
  return { org_id: organisationId, issuer, client_id: clientId, email_domains: emailDomains, auto_join: autoJoin, trust_email: trustsEmail, return_urls: returnUrls, created_at: createdAt, updated_at: modifiedAt };
}

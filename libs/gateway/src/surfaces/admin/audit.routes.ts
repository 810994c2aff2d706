import { Readable } from 'node:stream';
import { Controller, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import type { AuditEntry } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { adminDeployment, adminOrganisation, adminProject } from '../../access/access-rule.js';
import type { AdminCaller } from '../../access/caller.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { AuditTrail, type AuditFilter } from '../../upstream/audit-trail.js';
import { whileAllowed } from '../../upstream/while-allowed.js';
import { auditFilterQuery, auditPage, auditQuery, toAuditObject, type AuditFilterQuery, type AuditPage } from './audit.wire.js';
import { projectParams } from './management.wire.js';

const orgParams = z.object({ org_id: z.string() });
const onePage = { status: 200, description: 'One page', body: auditPage } as const;
const allOfIt = { status: 200, description: 'One entry a line, oldest first', stream: 'application/x-ndjson' } as const;

const ofProject = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/audit',
  access: adminProject('project:administer'),
  summary: 'What was done in a project, newest first',
  params: projectParams,
  query: auditQuery,
  answer: onePage,
  failures: { 404: 'There is no such project.' },
});

const exportProject = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/audit/export',
  access: adminProject('project:administer'),
  summary: 'The audit trail of a project as NDJSON',
  params: projectParams,
  query: auditFilterQuery,
  answer: allOfIt,
  failures: { 404: 'There is no such project.' },
});

const ofOrganisation = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id/audit',
  access: adminOrganisation,
  summary: 'What was done in an organisation and its projects, newest first',
  params: orgParams,
  query: auditQuery,
  answer: onePage,
  failures: { 404: 'There is no such organisation.' },
});

const exportOrganisation = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id/audit/export',
  access: adminOrganisation,
  summary: 'The audit trail of an organisation and its projects as NDJSON',
  params: orgParams,
  query: auditFilterQuery,
  answer: allOfIt,
  failures: { 404: 'There is no such organisation.' },
});

const ofDeployment = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/audit',
  access: adminDeployment('audit:read'),
  summary: 'What was done anywhere in the deployment, newest first',
  query: auditQuery,
  answer: onePage,
});

const exportDeployment = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/audit/export',
  access: adminDeployment('audit:read'),
  summary: 'The audit trail of the deployment as NDJSON',
  query: auditFilterQuery,
  answer: allOfIt,
});

@Controller()
export class AuditRoutes {
  constructor(private readonly trail: AuditTrail) {}

  @Serves(ofProject)
  async ofProject({ query, caller: { projectId }, context }: RouteCall<typeof ofProject>): Promise<AuditPage> {
    return this.page({ projectId }, query, context);
  }

  @Serves(exportProject)
  async exportProject({ query, caller, context }: RouteCall<typeof exportProject>): Promise<StreamableFile> {
    return this.lines({ projectId: caller.projectId }, query, caller, context);
  }

  @Serves(ofOrganisation)
  async ofOrganisation({ query, caller: { organisationId }, context }: RouteCall<typeof ofOrganisation>): Promise<AuditPage> {
    return this.page({ organisationId }, query, context);
  }

  @Serves(exportOrganisation)
  async exportOrganisation({ query, caller, context }: RouteCall<typeof exportOrganisation>): Promise<StreamableFile> {
    return this.lines({ organisationId: caller.organisationId }, query, caller, context);
  }

  @Serves(ofDeployment)
  async ofDeployment({ query, context }: RouteCall<typeof ofDeployment>): Promise<AuditPage> {
    return this.page({}, query, context);
  }

  @Serves(exportDeployment)
  async exportDeployment({ query, caller, context }: RouteCall<typeof exportDeployment>): Promise<StreamableFile> {
    return this.lines({}, query, caller, context);
  }

  private async page(scope: AuditFilter, query: z.output<typeof auditQuery>, context: CallContext): Promise<AuditPage> {
    const { limit, cursor } = query;
    const { entries, nextCursor } = await this.trail.list(filterOf(scope, query), { limit, cursor }, context);
    return { entries: entries.map(toAuditObject), next_cursor: nextCursor, limit };
  }

  private async lines(scope: AuditFilter, query: AuditFilterQuery, { mustStillBeAllowed }: AdminCaller, context: CallContext): Promise<StreamableFile> {
    const pages = await this.trail.export(filterOf(scope, query), context);
    return new StreamableFile(Readable.from(textOf(whileAllowed(pages, mustStillBeAllowed))), { type: 'application/x-ndjson', disposition: 'attachment; filename="audit.ndjson"' });
  }
}

function filterOf(scope: AuditFilter, { actor, action, target, from, to }: AuditFilterQuery): AuditFilter {
  return { ...scope, actorId: actor, action, targetId: target, from, to };
}

async function* textOf(pages: AsyncIterable<readonly AuditEntry[]>): AsyncIterable<string> {
  for await (const entries of pages) yield entries.map((entry) => `${JSON.stringify(toAuditObject(entry))}\n`).join('');
}

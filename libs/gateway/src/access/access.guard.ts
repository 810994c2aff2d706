import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Route } from '../http/route.js';
import { routeMetadata } from '../http/serves.js';
import type { AccessRule } from './access-rule.js';
import { AdminAccess } from './admin-access.js';
import { setCaller, type Caller } from './caller.js';
import { EndUserAccess } from './end-user-access.js';
import { EngagementAccess } from './engagement-access.js';
import { EnvironmentAccess } from './environment-access.js';
import { PageAccess } from './page-access.js';
import { ProjectAccess } from './project-access.js';

/** Stands before every route: finds out who calls and whether the route's rule lets them. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly engagement: EngagementAccess,
    private readonly environment: EnvironmentAccess,
    private readonly project: ProjectAccess,
    private readonly endUser: EndUserAccess,
    private readonly admin: AdminAccess,
    private readonly pages: PageAccess,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = Reflect.getMetadata(routeMetadata, context.getHandler()) as Route | undefined;
    if (route === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} is served without a route definition`);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    await this.pages.meet(route, request, reply);
    // A token that an application signed for its end user is good, and good for a few calls only: 403 elsewhere, not 401.
    const known = this.callerFor(route.access, request);
    const caller = await (route.access.kind === 'end-user' ? known : known?.catch((error: unknown) => this.endUser.explain(error, request)));
    if (caller === undefined) return true;
    setCaller(request, caller);
    await this.pages.admit(caller, route, request, reply);
    return true;
  }

  private callerFor(rule: AccessRule, request: FastifyRequest): Promise<Caller> | undefined {
    switch (rule.kind) {
      case 'anyone':
        return undefined;
      case 'engagement':
        return this.engagement.authenticate(request, rule.secret);
      case 'environment':
        return this.environment.authenticate(request, rule.role);
      case 'project':
        return this.project.authenticate(request, rule.permission);
      case 'end-user':
        return this.endUser.authenticate(request);
      case 'signed-in':
        return this.project.inPerson(request);
      case 'admin-deployment':
        return this.admin.toDeployment(request, rule.permission);
      case 'admin-organisation':
        return this.admin.toOrganisation(request, rule.permission);
      case 'admin-team':
        return this.admin.toTeam(request, rule.permission);
      case 'admin-project':
        return this.admin.toProject(request, rule.permission);
      case 'admin-place':
        return this.admin.toNamedPlace(request, rule.from, rule.permissions);
      case 'admin':
        return this.admin.anywhere(request);
      case 'staff':
        return this.admin.inPerson(request);
    }
  }
}

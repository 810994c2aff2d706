import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isFailure } from '#libs/platform/errors';
import type { Route } from '../http/route.js';
import { routeMetadata } from '../http/serves.js';
import { Authenticator } from './authenticator.js';
import { callerOf, setCaller, type Caller } from './caller.js';
import { OpenServices } from './open-services.js';
import { PageAccess } from './page-access.js';
import { RequestLimits } from './request-limits.js';

/** Stands before every route: finds out who calls, whether the route's rule and the project let them, and whether they call too often. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly callers: Authenticator,
    private readonly pages: PageAccess,
    private readonly services: OpenServices,
    private readonly limits: RequestLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = Reflect.getMetadata(routeMetadata, context.getHandler()) as Route | undefined;
    if (route === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} is served without a route definition`);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    await this.pages.meet(route, request, reply);
    const caller = await this.admit(route, request, reply).catch(async (error: unknown) => {
      await this.countRefused(error, route, request, reply);
      throw error;
    });
    const project = await this.services.projectOf(route, caller, request);
    await (caller === undefined ? this.limits.countStranger(route, request, reply) : this.limits.countCaller(caller, project, reply));
    this.services.mustBeOpen(route, project);
    return true;
  }

  /** Who showed nothing that is good is nobody but an address: guessing is limited like any other call. Whoever is known is that caller, refused or not. */
  private async countRefused(error: unknown, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const known = callerOf(request);
    if (isFailure(error, 'credentials-missing') || isFailure(error, 'credentials-invalid')) await this.limits.countStranger(route, request, reply);
    else if (known !== undefined) await this.limits.countCaller(known, undefined, reply);
  }

  private async admit(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined> {
    const caller = await this.callers.identify(route.access, request);
    if (caller === undefined) return undefined;
    setCaller(request, caller);
    await this.pages.admit(caller, route, request, reply);
    return caller;
  }
}

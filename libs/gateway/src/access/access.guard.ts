import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Route } from '../http/route.js';
import { routeMetadata } from '../http/serves.js';
import { Authenticator } from './authenticator.js';
import { setCaller } from './caller.js';
import { OpenServices } from './open-services.js';
import { RequestLimits } from './request-limits.js';

/** Stands before every route: finds out who calls, whether the route's rule and the project let them, and whether they call too often. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Authenticator,
    private readonly services: OpenServices,
    private readonly limits: RequestLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = this.reflector.get<Route | undefined>(routeMetadata, context.getHandler());
    if (route === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} is served without a route definition`);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const caller = await this.callers.identify(route.access, request).catch(async (error: unknown) => {
      // Whoever is not let in is nobody but an address; guessing is limited like any other call.
      await this.limits.countStranger(route, request, reply);
      throw error;
    });
    if (caller !== undefined) setCaller(request, caller);
    const project = await this.services.projectOf(route, caller, request);
    await (caller === undefined ? this.limits.countStranger(route, request, reply) : this.limits.countCaller(caller, project, reply));
    this.services.mustBeOpen(route, project);
    return true;
  }
}

import { Controller, Inject } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ConfigValues } from '#libs/platform/config';
import { HealthReport } from '#libs/platform/telemetry';
import { anyone } from '../access/access-rule.js';
import { bearerToken } from '../access/authorization-header.js';
import { gatewayConfig } from '../gateway.config.js';
import { route, type RouteCall } from './route.js';
import { Serves } from './serves.js';

const live = route({
  surface: 'deployment',
  method: 'GET',
  path: '/health/live',
  access: anyone,
  summary: 'Whether the process runs',
  answer: { status: 200, description: 'It does', body: z.object({ status: z.literal('live') }) },
});

const readyBody = z.object({
  status: z.enum(['ready', 'unready']),
  dependencies: z.array(z.object({ name: z.string(), ready: z.boolean(), reason: z.string().optional() })).optional(),
});

const ready = route({
  surface: 'deployment',
  method: 'GET',
  path: '/health/ready',
  access: anyone,
  summary: 'Whether every request can be served; each dependency is named to callers on this host or with the health token',
  answer: { status: 200, description: 'Ready', body: readyBody, headers: ['Cache-Control'] },
  otherAnswers: { 503: { description: 'Unready', body: readyBody, headers: ['Cache-Control'] } },
});

@Controller()
export class HealthRoutes {
  constructor(
    private readonly report: HealthReport,
    @Inject(gatewayConfig.token) private readonly config: ConfigValues<typeof gatewayConfig>,
  ) {}

  @Serves(live)
  live(_call: RouteCall<typeof live>): Promise<{ status: 'live' }> {
    return Promise.resolve({ status: 'live' });
  }

  @Serves(ready)
  async ready({ http, reply, requestId }: RouteCall<typeof ready>): Promise<z.output<typeof readyBody>> {
    const dependencies = await this.report.dependencies(requestId);
    const isReady = dependencies.every((dependency) => dependency.ready);
    void reply.status(isReady ? 200 : 503).header('cache-control', 'no-store');
    return { status: isReady ? 'ready' : 'unready', ...(this.maySeeDetails(http) ? { dependencies } : {}) };
  }

  /** Names of hosts and reasons of failures are for operators. Loopback means the peer itself: a proxy on this host does not count. */
  private maySeeDetails(request: FastifyRequest): boolean {
    const peer = request.socket.remoteAddress ?? '';
    if (request.headers['x-forwarded-for'] === undefined && /^(127\.|::1$|::ffff:127\.)/.test(peer)) return true;
    const given = Buffer.from(bearerToken(request.headers.authorization) ?? '');
    const wanted = Buffer.from(this.config.HEALTH_TOKEN ?? '');
    return wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}

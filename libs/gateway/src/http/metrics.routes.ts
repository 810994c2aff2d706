import { Controller, Inject, StreamableFile } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { runtimeConfig } from '#libs/platform/runtime';
import { isOperator, Metrics } from '#libs/platform/telemetry';
import { anyone } from '../access/access-rule.js';
import { httpErrors } from './http-errors.js';
import { route, type RouteCall } from './route.js';
import { Serves } from './serves.js';

const metrics = route({
  surface: 'deployment',
  method: 'GET',
  path: '/metrics',
  access: anyone,
  summary: 'The figures of this process as Prometheus reads them, to callers on this host or with the health token',
  answer: { status: 200, description: 'The figures', stream: 'text/plain' },
  failures: { 401: 'The caller is on another host and has no token, or not the right one' },
});

@Controller()
export class MetricsRoutes {
  constructor(
    private readonly metrics: Metrics,
    @Inject(runtimeConfig.token) private readonly config: ConfigValues<typeof runtimeConfig>,
  ) {}

  @Serves(metrics)
  async read({ http, reply }: RouteCall<typeof metrics>): Promise<StreamableFile> {
    if (!isOperator({ address: http.socket.remoteAddress, headers: http.headers }, this.config.HEALTH_TOKEN)) {
      throw http.headers.authorization === undefined
        ? httpErrors.failure('credentials-missing', 'The metrics are shown on the host itself, or with the deployment’s HEALTH_TOKEN as a bearer token.')
        : httpErrors.failure('credentials-invalid', 'This is not the deployment’s HEALTH_TOKEN.');
    }
    void reply.header('cache-control', 'no-store');
    return new StreamableFile(Buffer.from(await this.metrics.text()), { type: this.metrics.contentType });
  }
}

import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { membership } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { networkOf, RequestCounter, type Bucket, type Standing } from '#libs/platform/limits';
import { gatewayConfig } from '../gateway.config.js';
import { httpErrors } from '../http/http-errors.js';
import type { Route } from '../http/route.js';
import type { Caller, EndUserCaller } from './caller.js';

/**
 * How often one may call: a project's callers together (`rate_limit`), each caller, and strangers by their address.
 * Strangers don't count for the project: nobody can use up what is its callers'.
 */
@Injectable()
export class RequestLimits {
  constructor(
    private readonly counter: RequestCounter,
    @Inject(gatewayConfig.token) private readonly config: ConfigValues<typeof gatewayConfig>,
  ) {}

  /**
   * @param project on a surface that counts for it: not the admin surface, by which its limit is raised again
   * @throws Failure `too-many-requests`
   */
  async countCaller(caller: Caller, project: membership.Project | undefined, reply: FastifyReply): Promise<void> {
    const mostOfCaller = this.config.RATE_LIMIT_PER_CALLER;
    const mostOfProject = project?.settings.rate_limit;
    await this.count(reply, [
      ...(mostOfCaller === 0 ? [] : [{ policy: 'caller', key: digest(nameOf(caller)), limit: mostOfCaller }]),
      ...(project === undefined || mostOfProject === undefined ? [] : [{ policy: 'project', key: project.projectId, limit: mostOfProject }]),
    ]);
  }

  /**
   * Health, documentation and the key set are for everybody, always.
   * @throws Failure `too-many-requests`
   */
  async countStranger({ surface }: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const limit = this.config.RATE_LIMIT_PER_ADDRESS;
    if (surface === 'deployment' || limit === 0) return;
    await this.count(reply, [{ policy: 'address', key: digest(networkOf(request.ip)), limit }]);
  }

  private async count(reply: FastifyReply, buckets: readonly Bucket[]): Promise<void> {
    const taken = buckets.length === 0 ? undefined : await this.counter.take(buckets);
    if (taken === undefined) return;
    const { policy, limit, remaining, resetsInMs } = taken.tightest;
    const seconds = Math.max(1, Math.ceil(resetsInMs / 1_000));
    // draft-ietf-httpapi-ratelimit-headers-10: the policy, and where it stands.
    void reply.header('ratelimit-policy', `"${policy}";q=${limit};w=60`).header('ratelimit', `"${policy}";r=${remaining};t=${seconds}`);
    if (!taken.allowed) throw httpErrors.failure('too-many-requests', refusal(taken.tightest, seconds), { retryAfter: seconds });
  }
}

function refusal({ policy, limit }: Standing, seconds: number): string {
  const whose = policy === 'project' ? 'The callers of this project' : policy === 'caller' ? 'You' : 'Callers without valid credentials from your network address';
  return `${whose} may make ${limit} requests a minute: try again in ${seconds} s.`;
}

/** An end user is a caller of their own, not one with everybody whose token was signed with the same key. */
function nameOf(caller: Caller): string {
  const { actor } = caller;
  return [actor.type, 'id' in actor ? actor.id : '', ...('token' in caller ? [(caller as EndUserCaller).token.uid] : [])].join(' ');
}

/** Names and addresses are nobody's business in the store. */
function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

import type { ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { platformErrors, type Failure } from '#libs/platform/errors';
import { httpErrors } from '../http/http-errors.js';
import { routeMetadata } from '../http/serves.js';
import { AccessGuard } from './access.guard.js';
import { setCaller, type Caller } from './caller.js';

const ada: Caller = { actor: { type: 'user', id: 'ada' } };

/** @returns whom a refused request counts for */
async function countedFor(error: Failure, known?: Caller): Promise<string[]> {
  const counted: string[] = [];
  const identify = async (_rule: unknown, request: FastifyRequest) => {
    if (known !== undefined) setCaller(request, known);
    throw error;
  };
  const limits = {
    countStranger: async () => counted.push('address'),
    countCaller: async ({ actor }: Caller, project: unknown) => counted.push(`${actor.type} ${'id' in actor ? actor.id : ''}`, ...(project === undefined ? [] : ['project'])),
  };
  const guard = new AccessGuard({ identify } as never, { meet: async () => undefined } as never, {} as never, limits as never);
  class Routes {
    served(): void {
      // Never gets that far.
    }
  }
  Reflect.defineMetadata(routeMetadata, { surface: 'admin', access: { kind: 'admin' } }, Routes.prototype.served);
  const context = { getClass: () => Routes, getHandler: () => Routes.prototype.served, switchToHttp: () => ({ getRequest: () => ({}), getResponse: () => ({}) }) } as unknown as ExecutionContext;
  await expect(guard.canActivate(context)).rejects.toBe(error);
  return counted;
}

describe('a request that is refused', () => {
  it.each(['credentials-missing', 'credentials-invalid'] as const)('counts for the address where it is %s', async (code) => {
    expect(await countedFor(httpErrors.failure(code, 'No.'))).toEqual(['address']);
    expect(await countedFor(httpErrors.failure(code, 'No.'), ada)).toEqual(['address']);
  });

  it.each(['permission-missing', 'project-not-found', 'origin-not-allowed', 'user-required'] as const)('counts for its caller, who is known, where it is %s', async (code) => {
    expect(await countedFor(httpErrors.failure(code, 'No.'), ada)).toEqual(['user ada']);
  });

  it('counts for no address where it can’t be known whether its credentials are good', async () => {
    const away = platformErrors.failure('service-unavailable', 'Nobody answers.');
    expect(await countedFor(away)).toEqual([]);
    expect(await countedFor(away, ada)).toEqual(['user ada']);
  });
});

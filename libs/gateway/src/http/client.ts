import type { FastifyRequest } from 'fastify';

/** Where a request comes from, as far as a login wants to know. A proxy may have written anything as the address. */
export function clientOf(request: FastifyRequest): { address: string; userAgent: string | null } {
  const userAgent = request.headers['user-agent']?.replaceAll('\0', '').slice(0, 512);
  return { address: request.ip.slice(0, 64), userAgent: userAgent ?? null };
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleFiles, formOf } from './console-files.js';

/** In the page that was built, where its styles say who may add some. */
const noncePlace = '__ROLLCALL_NONCE__';

const built = join(import.meta.dirname, '../../../../console');
const missing = 'The console is not built here: npm start builds it.\n';

const everywhere = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/**
 * What the page may do: run and load what comes from here, talk to here, and be framed by nobody. Its library puts styles into the page,
 * which it may by a nonce; scripts may not be written into it at all.
 */
function policyOf(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Serves the console: one page for every address below `/console`, and the files that it names. They are part of no surface. */
export function serveConsole(server: FastifyInstance, folder = built): void {
  const files = ConsoleFiles.read(folder);

  server.get('/console/assets/:name', (request: FastifyRequest<{ Params: { name: string } }>, reply) => {
    const file = files?.asset(request.params.name);
    void reply.headers(everywhere);
    // An old page may ask for files of a build that is gone; it must not be told to remember that.
    if (file === undefined) return reply.status(404).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send('There is no such file; load the page anew.\n');
    void reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', etag: file.etag, vary: 'Accept-Encoding' });
    if (request.headers['if-none-match']?.includes(file.etag) === true) return reply.status(304).send();
    const { encoding, bytes } = formOf(file, String(request.headers['accept-encoding'] ?? ''));
    if (encoding !== 'identity') void reply.header('content-encoding', encoding);
    return reply.type(file.type).send(bytes);
  });

  const page = (_: FastifyRequest, reply: FastifyReply) => {
    void reply.headers({ ...everywhere, 'cache-control': 'no-store' });
    if (files === undefined) return reply.status(404).type('text/plain; charset=utf-8').send(missing);
    const nonce = randomBytes(16).toString('base64url');
    return reply.header('content-security-policy', policyOf(nonce)).type('text/html; charset=utf-8').send(files.page.replaceAll(noncePlace, nonce));
  };
  server.get('/console', page);
  server.get('/console/*', page);

  // Where links in mails lead, unless MAIL_LINK_BASE says otherwise.
  server.get('/auth/:page', (request: FastifyRequest<{ Params: { page: string } }>, reply) => {
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    return reply.status(302).headers({ location: `/console/${encodeURIComponent(request.params.page)}${query}`, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' }).send();
  });
}

import { Controller, Inject, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { ConfigValues } from '#libs/platform/config';
import { anyone } from '../access/access-rule.js';
import { gatewayConfig } from '../gateway.config.js';
import { errorKinds, type ErrorCode } from '../http/error-codes.js';
import { httpErrors } from '../http/http-errors.js';
import { route, type RouteCall } from '../http/route.js';
import { Serves } from '../http/serves.js';
import { documentNames, sections } from './api-document.js';
import { errorList, errorPage, pagePolicy, referencePage, startScript } from './pages.js';

const notServed = { 404: 'This deployment serves no API reference.' };
const pageHeaders = ['Cache-Control', 'Content-Security-Policy', 'X-Content-Type-Options', 'Referrer-Policy'] as const;
const page = { status: 200, stream: 'text/html', headers: pageHeaders } as const;
const script = { status: 200, stream: 'text/javascript', headers: [...pageHeaders, 'Vary'] } as const;

const home = route({
  surface: 'deployment',
  method: 'GET',
  path: '/',
  access: anyone,
  summary: 'Leads to the API reference',
  answer: { status: 302, description: 'To /docs', headers: ['Location'] },
});

const reference = route({
  surface: 'deployment',
  method: 'GET',
  path: '/docs',
  access: anyone,
  summary: 'The API reference as a page',
  answer: { ...page, description: 'The page' },
  failures: notServed,
});

const bundle = route({
  surface: 'deployment',
  method: 'GET',
  path: '/docs/scalar.js',
  access: anyone,
  summary: 'What renders the API reference',
  answer: { ...script, description: 'The script' },
  failures: notServed,
});

const start = route({
  surface: 'deployment',
  method: 'GET',
  path: '/docs/start.js',
  access: anyone,
  summary: 'What tells it which documents there are',
  answer: { ...script, description: 'The script' },
  failures: notServed,
});

const codes = route({
  surface: 'deployment',
  method: 'GET',
  path: '/docs/errors',
  access: anyone,
  summary: 'Every error code, and what to do about it',
  answer: { ...page, description: 'The page' },
});

const code = route({
  surface: 'deployment',
  method: 'GET',
  path: '/docs/errors/:code',
  access: anyone,
  summary: 'One error code, and what to do about it: where the `type` of a problem leads',
  params: z.object({ code: z.string().max(64).describe('The error code') }),
  answer: { ...page, description: 'The page' },
  failures: { 404: 'There is no such code.' },
});

const sources = [
  { title: 'All surfaces', slug: 'all', url: '/openapi.json' },
  ...documentNames.map((name) => ({ title: `${sections[name].letter}. ${sections[name].title}`, slug: name, url: `/openapi/${name}.json` })),
];

/** The API reference for people. Pages about errors are there also where the reference is not: answers lead to them. */
@Controller()
export class DocsRoutes {
  private unpacked: Buffer | undefined;

  constructor(@Inject(gatewayConfig.token) private readonly config: ConfigValues<typeof gatewayConfig>) {}

  @Serves(home)
  home({ reply }: RouteCall<typeof home>): Promise<void> {
    // Who opens the address in a browser wants to see something; the reference is what there is.
    void reply.header('location', '/docs');
    return Promise.resolve();
  }

  @Serves(reference)
  async reference({ reply }: RouteCall<typeof reference>): Promise<StreamableFile> {
    this.mustBeServed();
    return text(reply, referencePage, 'text/html');
  }

  @Serves(bundle)
  async bundle({ http, reply }: RouteCall<typeof bundle>): Promise<StreamableFile> {
    this.mustBeServed();
    const { scalarBundle } = await import('./scalar.data.js');
    const packed = Buffer.from(scalarBundle, 'base64');
    const takesPacked = acceptsGzip(http);
    if (takesPacked) void reply.header('content-encoding', 'gzip');
    else this.unpacked ??= gunzipSync(packed);
    void reply.header('vary', 'Accept-Encoding');
    return bytes(reply, takesPacked ? packed : (this.unpacked as Buffer), 'text/javascript');
  }

  @Serves(start)
  async start({ reply }: RouteCall<typeof start>): Promise<StreamableFile> {
    this.mustBeServed();
    return text(reply, startScript(sources), 'text/javascript');
  }

  @Serves(codes)
  async codes({ reply }: RouteCall<typeof codes>): Promise<StreamableFile> {
    return text(reply, errorList(), 'text/html');
  }

  @Serves(code)
  async code({ params, reply }: RouteCall<typeof code>): Promise<StreamableFile> {
    if (!Object.hasOwn(errorKinds, params.code)) throw httpErrors.failure('route-not-found', 'There is no such error code; /docs/errors lists all.');
    return text(reply, errorPage(params.code as ErrorCode), 'text/html');
  }

  private mustBeServed(): void {
    if (!this.config.DOCS_ENABLED) throw httpErrors.failure('route-not-found', 'This deployment serves no API reference.');
  }
}

function acceptsGzip(request: FastifyRequest): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? ''));
}

function text(reply: FastifyReply, content: string, type: string): StreamableFile {
  return bytes(reply, Buffer.from(content), type);
}

function bytes(reply: FastifyReply, content: Buffer, type: string): StreamableFile {
  void reply.headers({ 'cache-control': 'public, max-age=300', 'content-security-policy': pagePolicy, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  return new StreamableFile(content, { type: `${type}; charset=utf-8`, length: content.length });
}

import { Controller, Inject, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ConfigValues } from '#libs/platform/config';
import { anyone } from '../access/access-rule.js';
import { gatewayConfig } from '../gateway.config.js';
import { httpErrors } from '../http/http-errors.js';
import { route, type RouteCall } from '../http/route.js';
import { Serves } from '../http/serves.js';
import { documentNames, type DocumentName } from './api-document.js';
import { ApiDocuments } from './api-documents.js';

const answer = { status: 200, description: 'OpenAPI 3.1', stream: 'application/json', headers: ['ETag', 'Cache-Control', 'Access-Control-Allow-Origin'] } as const;
const otherAnswers = { 304: { description: 'You have it already (`If-None-Match`)', headers: ['ETag', 'Cache-Control', 'Access-Control-Allow-Origin'] } } as const;

const all = route({
  surface: 'deployment',
  method: 'GET',
  path: '/openapi.json',
  access: anyone,
  summary: 'The OpenAPI document of all surfaces',
  answer,
  otherAnswers,
  failures: { 404: 'This deployment serves no API reference.' },
});

const ofSurface = route({
  surface: 'deployment',
  method: 'GET',
  path: '/openapi/:document',
  access: anyone,
  summary: 'The OpenAPI document of one surface',
  params: z.object({ document: z.enum(documentNames.map((name) => `${name}.json` as const)).or(z.string().max(64)).describe(`${documentNames.map((name) => `\`${name}.json\``).join(', ')}`) }),
  answer,
  otherAnswers,
  failures: { 404: 'There is no such document, or this deployment serves no API reference.' },
});

/** Seconds for which a copy is good without asking: a new version of Rollcall is noticed within minutes. */
const maxAge = 300;

/** The API reference for machines. Anybody may read it, from anywhere: it holds nothing that is not public. */
@Controller()
export class ReferenceRoutes {
  constructor(
    private readonly documents: ApiDocuments,
    @Inject(gatewayConfig.token) private readonly config: ConfigValues<typeof gatewayConfig>,
  ) {}

  @Serves(all)
  async all({ http, reply }: RouteCall<typeof all>): Promise<StreamableFile> {
    return this.send('all', http, reply);
  }

  @Serves(ofSurface)
  async ofSurface({ params, http, reply }: RouteCall<typeof ofSurface>): Promise<StreamableFile> {
    const name = documentNames.find((one) => `${one}.json` === params.document);
    if (name === undefined) throw httpErrors.failure('route-not-found', `There is no such document; there are ${documentNames.map((one) => `${one}.json`).join(', ')}.`);
    return this.send(name, http, reply);
  }

  private async send(name: DocumentName | 'all', request: FastifyRequest, reply: FastifyReply): Promise<StreamableFile> {
    if (!this.config.DOCS_ENABLED) throw httpErrors.failure('route-not-found', 'This deployment serves no API reference.');
    const { bytes, etag } = this.documents.of(name);
    void reply.header('cache-control', `public, max-age=${maxAge}`).header('etag', etag).header('access-control-allow-origin', '*');
    const unchanged = request.headers['if-none-match'] === etag;
    if (unchanged) void reply.status(304);
    return new StreamableFile(unchanged ? Buffer.alloc(0) : bytes, { type: 'application/json; charset=utf-8' });
  }
}

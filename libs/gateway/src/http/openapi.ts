import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AccessRule } from '../access/access-rule.js';
import type { SurfaceName } from './dialect.js';
import type { Route } from './route.js';

/** How each surface is called in the API reference. */
export const surfaceTitles: Record<SurfaceName, string> = {
  environment: 'A. Environment surface',
  engagement: 'B. Engagement surface',
  project: 'C. Project surface',
  admin: 'D. Admin surface',
  deployment: 'Deployment',
  oauth: 'A. Environment surface',
};

type JsonSchema = Record<string, unknown>;

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) as JsonSchema;
  return rest;
}

function securityOf(rule: AccessRule): string[] {
  switch (rule.kind) {
    case 'anyone':
      return [];
    case 'engagement':
      return ['engagementKey'];
    case 'environment':
      return ['clientCredentials'];
    case 'project':
      return ['bearer'];
    case 'end-user':
      return ['endUserToken'];
    case 'signed-in':
    case 'staff':
      return ['bearer'];
    case 'admin-deployment':
    case 'admin-organisation':
    case 'admin-team':
    case 'admin-project':
    case 'admin-place':
    case 'admin':
      return ['bearer', 'apiKey'];
  }
}

/** Writes a route into the OpenAPI document, from the same schemas that validate it. */
export function documentRoute(route: Route, prototype: object, name: string, descriptor: PropertyDescriptor): void {
  const parameters = [
    ...propertiesOf(route.params).map(([key, schema]) => ApiParam({ name: key, schema })),
    ...propertiesOf(route.query).map(([key, schema, required]) => ApiQuery({ name: key, required, schema: schema as object })),
  ];
  const honours = route.idempotencyKey === 'honoured';
  const failures = Object.entries({ 400: 'The request is malformed.', ...(route.access.kind === 'anyone' ? {} : { 401: 'No valid credentials.', 403: 'Not permitted.' }), ...(honours ? { 409: 'A request with this Idempotency-Key is being answered.', 422: 'The Idempotency-Key was used for another request.' } : {}), ...(route.surface === 'deployment' ? {} : { 429: 'Too many requests.' }), ...route.failures, 503: 'A part that is needed is out of reach; try again.' });
  applyDecorators(
    ApiTags(surfaceTitles[route.surface]),
    ApiOperation({ summary: route.summary, ...(typeof route.idempotencyKey === 'object' ? { description: `An \`Idempotency-Key\` is ignored: ${route.idempotencyKey.ignored}.` } : {}) }),
    // What the route takes, for whoever reads the document by machine: the permission matrix is made from it.
    ApiExtension('x-access', { ...route.access }),
    ...securityOf(route.access).map((scheme) => ApiSecurity(scheme)),
    ...parameters,
    ...(honours ? [ApiHeader({ name: 'Idempotency-Key', description: 'For 24 hours the same request under the same key is made once, and answered each time', schema: { type: 'string', minLength: 1, maxLength: 255 } })] : []),
    ...(route.body === undefined ? [] : [ApiBody({ schema: jsonSchema(route.body, 'input') as object })]),
    ApiResponse({ status: route.answer.status, description: route.answer.description, ...contentOf(route) }),
    ...failures.map(([status, description]) => ApiResponse({ status: Number(status), description })),
  )(prototype, name, descriptor);
}

function contentOf({ answer: { body, stream } }: Route): { content?: Record<string, { schema: object }> } {
  if (stream !== undefined) return { content: { [stream]: { schema: { type: 'string' } } } };
  return body === undefined ? {} : { content: { 'application/json': { schema: jsonSchema(body, 'output') } } };
}

function propertiesOf(schema: z.ZodType | undefined): [name: string, schema: JsonSchema, required: boolean][] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, property]) => [name, property, required.includes(name)]);
}

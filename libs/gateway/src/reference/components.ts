import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { answerHeaders, type AnswerHeader } from '../http/answer-headers.js';
import type { Dialect } from '../http/dialect.js';
import { jsonSchemaOf, type JsonSchema, type Place } from './json-schema.js';
import { securitySchemes, type SecurityScheme } from './security.js';

const parameters = {
  IdempotencyKey: { name: 'Idempotency-Key', in: 'header', required: false, description: 'For 24 hours the same request under the same key is made once, and answered each time', schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' } },
  RequestId: { name: 'X-Request-Id', in: 'header', required: false, description: 'An id of yours for the request, which the answer and our logs then bear', schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\w.:+/=-]+$' } },
} as const;

/** What the operations of one document share: asked for by name, and there once. */
export class Components {
  private readonly schemas = new Map<string, JsonSchema>();
  private readonly namesOfSchemas = new Map<string, string>();
  private readonly responses = new Map<string, unknown>();
  private readonly namesOfResponses = new Map<string, string>();
  private readonly used = { headers: new Set<AnswerHeader>(), parameters: new Set<keyof typeof parameters>() };

  /** Two schemas that say the same are one, under the name that came first. */
  schema(name: string, schema: z.ZodType, place: Place): { $ref: string } {
    const described = jsonSchemaOf(schema, place);
    const text = JSON.stringify(described);
    const known = this.namesOfSchemas.get(text) ?? upper(name);
    this.namesOfSchemas.set(text, known);
    // What refers to itself does so by its place in the document.
    this.schemas.set(known, text.includes('"#/$defs/') ? (JSON.parse(text.replaceAll('"#/$defs/', `"#/components/schemas/${known}/$defs/`)) as JsonSchema) : described);
    return { $ref: `#/components/schemas/${known}` };
  }

  parameter(name: keyof typeof parameters): { $ref: string } {
    this.used.parameters.add(name);
    return { $ref: `#/components/parameters/${name}` };
  }

  headers(names: readonly AnswerHeader[]): Record<string, { $ref: string }> {
    return Object.fromEntries([...new Set(names)].map((name) => {
      this.used.headers.add(name);
      return [name, { $ref: `#/components/headers/${name}` }];
    }));
  }

  /** A failure in the dialect; those that say the same with the same headers are one. */
  failure(dialect: Dialect, status: number, description: string, headers: readonly AnswerHeader[]): { $ref: string } {
    const { name, mediaType, schema } = dialect.failure;
    const response = { description, headers: this.headers(headers), content: { [mediaType]: { schema: this.schema(name, schema, 'answer') } } };
    const text = JSON.stringify(response);
    const known = this.namesOfResponses.get(text) ?? `${name}${status}_${createHash('sha256').update(text).digest('hex').slice(0, 6)}`;
    this.namesOfResponses.set(text, known);
    this.responses.set(known, response);
    return { $ref: `#/components/responses/${known}` };
  }

  /** @param schemes those that the operations name */
  document(schemes: ReadonlySet<SecurityScheme>): Record<string, unknown> {
    return {
      securitySchemes: Object.fromEntries(Object.entries(securitySchemes).filter(([name]) => schemes.has(name as SecurityScheme))),
      schemas: Object.fromEntries(this.schemas),
      responses: Object.fromEntries(this.responses),
      headers: Object.fromEntries([...this.used.headers].map((name) => [name, answerHeaders[name]])),
      parameters: Object.fromEntries([...this.used.parameters].map((name) => [name, parameters[name]])),
    };
  }
}

function upper(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

import { z } from 'zod';
import { jsonObject } from '../json-object.js';

/** Surfaces that a project can close: all but the admin surface, by which they are opened again. */
export const services = ['environment', 'engagement', 'project'] as const;
export type Service = (typeof services)[number];

/** An origin as browsers send it (RFC 6454): scheme, host, and the port where it is not the scheme's own; or `*` for any. */
const origin = z
  .string()
  .max(300)
  .refine((text) => text === '*' || isOrigin(text), 'must be * or an origin such as https://app.example.com, without a path');

/**
 * What the administrators of a project set up. Absent: the default.
 * The gateway enforces `rate_limit`, `allowed_services` and `allowed_origins`, profiles `event_retention_days`, identity `force_password_change`; the workers go by `mail_link_base`.
 */
export const projectSettings = z.strictObject({
  /** Requests a minute that all callers of the project may make together. Absent: no limit of its own. */
  rate_limit: z.number().int().min(1).max(1_000_000).optional(),
  /** The surfaces on which the project answers. Absent, or none named: all. */
  allowed_services: z
    .array(z.enum(services))
    .max(services.length)
    .refine((named) => new Set(named).size === named.length, 'must not name a service twice')
    .optional(),
  /** Origins of web pages that may call the project from a browser. Absent: none. */
  allowed_origins: z.array(origin).max(100).optional(),
  /** Tracked events are kept for so many days. Absent: for ever. */
  event_retention_days: z.number().int().min(1).max(36_500).optional(),
  /** A password that an administrator set must be changed at the next login. Absent: it need not. */
  force_password_change: z.boolean().optional(),
  /** Where the links in mails to the project's users lead: the application's pages are below it. Absent: where the deployment says. */
  mail_link_base: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).max(1_000).optional(),
});
export type ProjectSettings = z.output<typeof projectSettings>;

/** A change of settings: a key that is absent stays, `null` goes back to the default. */
export const projectSettingsChange = z.strictObject({
  rate_limit: projectSettings.shape.rate_limit.nullable(),
  allowed_services: projectSettings.shape.allowed_services.nullable(),
  allowed_origins: projectSettings.shape.allowed_origins.nullable(),
  event_retention_days: projectSettings.shape.event_retention_days.nullable(),
  force_password_change: projectSettings.shape.force_password_change.nullable(),
  mail_link_base: projectSettings.shape.mail_link_base.nullable(),
});

/** Bytes of a project's metadata as JSON. */
export const largestMetadata = 16_384;

/** The administrators' own free object. */
export const projectMetadata = jsonObject(largestMetadata);
export type ProjectMetadata = Record<string, unknown>;

function isOrigin(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s*]+$/.test(text) || !URL.canParse(text)) return false;
  const { origin, protocol } = new URL(text);
  // Schemes of apps (`capacitor://localhost`) have the origin "null" here; of the others a browser sends exactly this text.
  return origin === text || (origin === 'null' && protocol !== 'javascript:');
}

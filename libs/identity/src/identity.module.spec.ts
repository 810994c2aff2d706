import { describe, expect, it } from '@jest/globals';
import { identity } from '#libs/contracts';
import type { AnyMessage } from '#libs/platform/messages';
import { HandlerRegistry } from '#libs/platform/rpc';
import { Readiness } from '#libs/platform/telemetry';
import { IdentityApp } from './spec-support/identity-app.js';

describe('the identity service', () => {
  it('answers every message that its contract declares', async () => {
    const { app } = await IdentityApp.start();
    const declared = Object.values<unknown>(identity).filter((value): value is AnyMessage => typeof value === 'object' && value !== null && 'subject' in value);
    const registry = app.get(HandlerRegistry, { strict: false });
    expect(declared.length).toBeGreaterThan(10);
    expect(declared.filter(({ subject }) => !registry.has(subject)).map(({ subject }) => subject)).toEqual([]);
  });

  it('is ready with its database and its signing keys', async () => {
    const { app } = await IdentityApp.start();
    expect(await app.get(Readiness, { strict: false }).check()).toEqual(
      expect.arrayContaining([
        { name: 'postgres:identity', ready: true },
        { name: 'signing-keys', ready: true },
      ]),
    );
  });
});

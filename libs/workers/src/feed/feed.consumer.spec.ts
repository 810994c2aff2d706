import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '#libs/platform/testing';
import { WorkersApp } from '../spec-support/workers-app.js';

describe('the consumer of all events', () => {
  it('puts each event of another service into the feed once', async () => {
    const app = await WorkersApp.start();
    const realmId = uuidv7();
    const erasures = Array.from({ length: 20 }, () => uuidv7());
    await Promise.all(erasures.map((erasureId) => app.services.publishHidden(realmId, erasureId, [], 'somebody')));
    await eventually(async () => {
      const rows = await app.query<{ type: string; erasure: string }>(`SELECT type, data->>'erasureId' AS erasure FROM feed WHERE realm_id = $1`, [realmId]);
      expect(rows.map(({ erasure }) => erasure).sort()).toEqual(erasures.sort());
      expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(['profiles.users.hidden']));
    });
  });
});

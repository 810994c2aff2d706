import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { operations } from '#libs/contracts';
import { VerificationKeys, verifyChain, verifyReceipt, type ErasureReceipt } from '#libs/platform/receipts';
import { WorkersApp } from '../spec-support/workers-app.js';

describe('the receipts of erasures', () => {
  let app: WorkersApp;
  beforeAll(async () => {
    app = await WorkersApp.start({ environment: { BACKUP_RETENTION: '30d', RPC_DEADLINE_MS: '5000' } });
  });

  const keys = async () => VerificationKeys.of((await app.call(operations.listReceiptKeys, {})).keys);
  const chain = async (after = 0) => (await app.call(operations.walkReceipts, { after, limit: 1_000 })).receipts;
  const verified = () => app.call(operations.verifyReceipts, {});

  async function erase(realmId = uuidv7()): Promise<ErasureReceipt> {
    const erasureId = uuidv7();
    await app.request(realmId, erasureId, app.users().addresses);
    return app.done(realmId, erasureId);
  }

  it('are none, and valid, before the first', async () => {
    expect(await verified()).toEqual({ valid: true, receipts: 0, first: null, last: null, lastHash: null, problem: null, at: null });
    expect(await app.call(operations.listReceipts, { limit: 10 })).toEqual({ receipts: [], nextBefore: null });
    await expect(app.call(operations.getReceipt, { sequence: 1 })).rejects.toMatchObject({ value: { code: 'receipt-not-found' } });
  });

  it('are one chain without gap or fork, however many are issued at once, by whichever process', async () => {
    const second = await WorkersApp.start({ after: app, environment: { RPC_DEADLINE_MS: '5000' } });
    await Promise.all(Array.from({ length: 12 }, async (_, index) => {
      const [realmId, erasureId] = [uuidv7(), uuidv7()];
      await app.request(realmId, erasureId, app.users().addresses);
      await (index % 2 === 0 ? app : second).done(realmId, erasureId);
    }));
    await second.close();
    const all = await chain();
    expect(all.map((text) => (JSON.parse(text) as ErasureReceipt).sequence)).toEqual(Array.from({ length: all.length }, (_, index) => index + 1));
    expect(all.length).toBe(12);
    expect(verifyChain(Buffer.from(`${all.join('\n')}\n`), await keys())).toMatchObject({ valid: true, receipts: 12, first: 1 });
    expect(await verified()).toMatchObject({ valid: true, receipts: 12, first: 1, last: 12, problem: null });
  });

  it('say until when the bytes and the backups are gone', async () => {
    const { finished_at, left } = await erase();
    expect(Date.parse(left.bytes_until) - Date.parse(finished_at)).toBe(15 * 60_000);
    expect(Date.parse(left.backups_until!) - Date.parse(left.bytes_until)).toBe(30 * 86_400_000);
  });

  it('are verified after the key was rotated, those before and those after', async () => {
    const before = await erase();
    const { kid } = await app.call(operations.rotateReceiptKey, { actor: { type: 'user', id: 'somebody' } });
    const after = await erase();
    expect([before.kid === kid, after.kid]).toEqual([false, kid]);
    const published = await keys();
    for (const text of (await chain(before.sequence - 1))) expect(verifyReceipt(Buffer.from(text), published).valid).toBe(true);
    expect(await app.query(`SELECT action, actor_id FROM audit_entries WHERE action = 'receipt-key.rotated' UNION SELECT action, actor_id FROM audit_log WHERE action = 'receipt-key.rotated'`)).toEqual([{ action: 'receipt-key.rotated', actor_id: 'somebody' }]);
  });

  it('are signed by a new key when the secret of the service is another, and the old ones stay verifiable', async () => {
    const before = await erase();
    const [realmId, erasureId] = [uuidv7(), uuidv7()];
    await app.query(`INSERT INTO receipt_keys (kid, public_key, created_at) VALUES ($1, $2, now() + interval '1 minute')`, [uuidv7(), 'A'.repeat(43)]);
    await app.request(realmId, erasureId, app.users().addresses);
    const after = await app.done(realmId, erasureId);
    expect(after.kid).not.toBe(before.kid);
    expect(verifyReceipt(Buffer.from((await chain(after.sequence - 1))[0]!), await keys()).valid).toBe(true);
    await app.query(`DELETE FROM receipt_keys WHERE public_key = $1`, ['A'.repeat(43)]);
  });

  it('are listed newest first, page by page, and of a project alone', async () => {
    const realmId = uuidv7();
    const mine = [await erase(realmId), await erase(realmId), await erase(realmId)].map(({ sequence }) => sequence).reverse();
    const first = await app.call(operations.listReceipts, { realmId, limit: 2 });
    const second = await app.call(operations.listReceipts, { realmId, limit: 2, before: first.nextBefore! });
    expect([...first.receipts, ...second.receipts].map((text) => (JSON.parse(text) as ErasureReceipt).sequence)).toEqual(mine);
    expect(second.nextBefore).toBeNull();
    expect((await app.call(operations.listReceipts, { realmId: uuidv7(), limit: 2 })).receipts).toEqual([]);
  });

  it('that somebody alters or takes away in the database are found', async () => {
    const [{ sequence }, { document }] = [await erase(), (await app.query<{ document: string }>('SELECT document FROM receipts ORDER BY sequence DESC LIMIT 1'))[0]!];
    await app.query('UPDATE receipts SET document = replace(document, $1, $2) WHERE sequence = $3', ['"users":1', '"users":2', sequence]);
    expect(await verified()).toMatchObject({ valid: false, problem: 'wrong-hash', at: sequence });
    await app.query('UPDATE receipts SET document = $1 WHERE sequence = $2', [document, sequence]);
    expect((await verified()).valid).toBe(true);
    await expect(app.query('DELETE FROM receipts WHERE sequence = 2')).rejects.toThrow('receipts_previous_fkey');
  });
});

import { describe, expect, it } from '@jest/globals';
import { StartupError } from '#libs/platform/errors';
import { RpcClient, rpcConfig, RpcModule } from '#libs/platform/rpc';
import { testApp } from '#libs/platform/testing';
import { bootstrapProduction } from './bootstrap-production.js';
import { DyingRpcClient } from './spec-support/dying-rpc-client.js';
import { StandInServices } from './spec-support/stand-in-services.js';

async function start() {
  const app = await testApp({ imports: [RpcModule.register('in-process')], providers: [StandInServices], configs: [rpcConfig], environment: { RPC_CHECK_REPLIES: 'true' } });
  const told: { email: string; password: string }[] = [];
  const rpc = app.get(RpcClient);
  const run = (email = 'ada@example.org', client = rpc) => bootstrapProduction(client, { email, announce: (login) => told.push(login) });
  return { services: app.get(StandInServices), rpc, told, run };
}

describe('bootstrapping a production deployment', () => {
  it('makes one super_admin, tells the password once, and makes no demo', async () => {
    const { services, told, run } = await start();
    await run();
    expect(told).toEqual([{ email: 'ada@example.org', password: services.userOf('ada@example.org')[0]!.password }]);
    expect(services.rolesOf('ada@example.org')).toEqual(['deployment:super_admin']);
    expect([services.staff.length, services.organisations, services.credentials]).toEqual([1, [], []]);
  });

  it('is refused once there is a super_admin, whose password stays', async () => {
    const { services, told, run } = await start();
    await run();
    const before = structuredClone(services.staff);
    await expect(run()).rejects.toThrow(StartupError);
    await expect(run('eve@example.org')).rejects.toThrow(StartupError);
    expect(services.staff).toEqual(before);
    expect(told).toHaveLength(1);
  });

  it('may be given again after it was killed, as long as nobody has the role', async () => {
    for (let dieAt = 1; dieAt <= 5; dieAt += 1) {
      const { services, rpc, told, run } = await start();
      await expect(run('ada@example.org', new DyingRpcClient(rpc, dieAt, 'before'))).rejects.toThrow('killed');
      await run();
      expect(services.userOf('ada@example.org')).toEqual([expect.objectContaining({ password: told.at(-1)!.password })]);
      expect(services.rolesOf('ada@example.org')).toEqual(['deployment:super_admin']);
    }
  });

  it.each(['', 'ada', 'ada@', 'a b@example.org'])('refuses %j as an address', async (email) => {
    const { services, run } = await start();
    await expect(run(email)).rejects.toThrow(StartupError);
    expect(services.staff).toEqual([]);
  });
});

// CPU time that a request pays for the in-process message hop, above calling its handler directly
import { profiles } from '../dist/libs/contracts/src/index.js';
import { Handles, HandlerRegistry, InProcessRpcClient } from '../dist/libs/platform/rpc/src/index.js';
import { Metrics } from '../dist/libs/platform/telemetry/src/index.js';
import { interleave, median, microseconds } from './measure/cpu.mjs';

const budget = 30; // µs; decisions.md, "Running"
const rounds = 15;
const callsPerRound = 20_000;
const inFlight = 64; // as many requests at a time as the load of the other benches

const userId = '01890a5d-ac96-774b-bcce-b302099a8057';
const realmId = '01890a5d-ac96-774b-bcce-b302099a8058';
const attributes = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`attribute_${index}`, [`value ${index}`, index * 1.5, index % 4 === 0][index % 3]]));

const user = {
  ...{ userId, realmId, externalId: 'customer-4711', uid: 'customer-4711', displayName: 'Ada Lovelace', firstName: 'Ada', lastName: 'Lovelace' },
  ...{ email: 'ada@example.com', phone: '+44 20 7946 0000', notes: null, attributes, devices: [{ token: 'f00d'.repeat(16), platform: 'ios' }], isAccount: false },
  ...{ firstSeenAt: '2026-01-02T03:04:05.678Z', lastSeenAt: '2026-11-02T03:04:05.678Z', createdAt: '2026-01-02T03:04:05.678Z', createdBy: 'system' },
  ...{ modifiedAt: '2026-11-02T03:04:05.678Z', modifiedBy: userId, version: 12, userName: 'ada', isActive: true, roles: ['customer'] },
};

const requests = {
  'profiles.user.get': { message: profiles.getUser, request: { realmId, user: { uid: 'customer-4711' } } },
  'profiles.user.upsert, 20 attributes': {
    message: profiles.upsertUser,
    request: {
      ...{ realmId, newUserId: userId, externalId: 'customer-4711', recreateErased: false, mayChangeEmail: true, actor: { type: 'credential', id: userId } },
      patch: { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', phone: '+44 20 7946 0000', attributes, device: user.devices[0] },
    },
  },
};

/** Handlers that do nothing but answer: what is left is the way to them. */
class UserMessages {
  async get() {
    return user;
  }

  async upsert() {
    return { user, created: false };
  }
}
for (const [method, message] of Object.entries({ get: profiles.getUser, upsert: profiles.upsertUser })) {
  Handles(message)(UserMessages.prototype, method, Object.getOwnPropertyDescriptor(UserMessages.prototype, method));
}

const instance = new UserMessages();
const direct = new Map([
  [profiles.getUser, () => instance.get()],
  [profiles.upsertUser, () => instance.upsert()],
]);
const unexpected = (fields, message) => {
  throw new Error(`${message}: ${JSON.stringify(fields)}`);
};
// As in production: answers are not checked.
const registry = new HandlerRegistry({ getProviders: () => [{ instance }] }, { warn: unexpected, error: unexpected }, { RPC_CHECK_REPLIES: false, RPC_DEADLINE_MS: 5_000 }, new Metrics());
registry.onModuleInit();
const rpc = new InProcessRpcClient(registry, 5_000);

/** Keeps `inFlight` calls going until `calls` are done. */
async function repeat(calls, call) {
  let left = calls;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
}

console.log(`${rounds} rounds of ${callsPerRound.toLocaleString('en')} calls each way, ${inFlight} at a time; Node.js ${process.version}; CPU time of the whole process`);
let worst = 0;
for (const [name, { message, request }] of Object.entries(requests)) {
  const context = { requestId: '01890a5d-ac96-774b-bcce-b302099a8059' };
  const handler = direct.get(message);
  const [without, withHop] = await interleave(rounds, [
    () => repeat(callsPerRound, () => handler(request, context)),
    () => repeat(callsPerRound, () => rpc.call(message, request, context)),
  ]);
  const extra = withHop.map((spent, round) => (spent - without[round]) / callsPerRound);
  worst = Math.max(worst, median(extra));
  console.log(`${name.padEnd(38)} direct ${microseconds(without.map((spent) => spent / callsPerRound))}   hop adds ${microseconds(extra)}`);
}
console.log(`budget ${budget} µs a call: ${worst <= budget ? 'held' : 'exceeded'}`);
process.exitCode = worst <= budget ? 0 : 1;

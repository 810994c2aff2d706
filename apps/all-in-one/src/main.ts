import { bootstrapDemo } from '#libs/bootstrap';
import { gatewayTarget } from '#libs/gateway';
import { identityTarget } from '#libs/identity';
import { membershipTarget } from '#libs/membership';
import { main } from '#libs/platform/runtime';
import { profilesTarget } from '#libs/profiles';
import { workersTarget } from '#libs/workers';

await main('all', [gatewayTarget, identityTarget, profilesTarget, membershipTarget, workersTarget], async ({ rpc, dataDir, url, logger }) => {
  await bootstrapDemo(rpc, { dataDir, url: url as string, logger });
});

import { identityTarget } from '#libs/identity';
import { main } from '#libs/platform/runtime';

await main('identity', [identityTarget]);

import { gatewayTarget } from '#libs/gateway';
import { main } from '#libs/platform/runtime';

await main('gateway', [gatewayTarget]);

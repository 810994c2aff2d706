import { membershipTarget } from '#libs/membership';
import { main } from '#libs/platform/runtime';

await main('membership', [membershipTarget]);

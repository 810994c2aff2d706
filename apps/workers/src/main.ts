import { workersTarget } from '#libs/workers';
import { main } from '#libs/platform/runtime';

await main('workers', [workersTarget]);

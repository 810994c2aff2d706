import { profilesTarget } from '#libs/profiles';
import { main } from '#libs/platform/runtime';

await main('profiles', [profilesTarget]);

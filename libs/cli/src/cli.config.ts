import { z } from 'zod';
import { defineConfig, httpUrl } from '#libs/platform/config';

/** What the commands take from the environment, in place of what `rollcall login` has kept. */
export const cliConfig = defineConfig('cli', {
  ROLLCALL_URL: httpUrl().optional().describe('Where the [commands](docs/guides/command-line.md) find Rollcall; else where `rollcall login` has logged in'),
  ROLLCALL_API_KEY: z.string().optional().describe('An API key for the commands; else who has logged in'),
  ROLLCALL_PROJECT: z.string().optional().describe('Slug or id of the project that the commands are about; else the one that was named at the login'),
  XDG_CONFIG_HOME: z.string().optional().describe('The folder where the commands keep who has logged in, in `rollcall/credentials.json`; else `.config` in the home folder'),
});

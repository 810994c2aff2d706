import { defineConfig, duration, wholeNumber } from '#libs/platform/config';

export const importsConfig = defineConfig('imports', {
  IMPORT_MAX_MB: wholeNumber({ min: 1, max: 10_000_000 }).default(10_240).describe('The largest file that may be [imported](docs/guides/importing-data.md). Until it is written it lies in the operations database, sealed'),
  IMPORT_SPOOL_MAX_MB: wholeNumber({ min: 1, max: 100_000_000 }).default(51_200).describe('How much of files that are imported may lie there at a time, of all projects together; more is refused until some of it is written'),
  IMPORT_RETENTION: duration().default(30 * 86_400).describe('How long what became of an import, and what was wrong with its rows, is kept after its end'),
});

import pg from 'pg';
import { parseTimestamp } from './timestamps.js';

const { builtins } = pg.types;

/** Values as contracts have them: times as ISO strings, `bigint` (counters, versions, sequences) as numbers. */
export const columnTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
    if (oid === builtins.TIMESTAMPTZ) return parseTimestamp;
    if (oid === builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  },
};

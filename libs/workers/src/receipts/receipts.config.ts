import { defineConfig, duration, wholeNumber } from '#libs/platform/config';

export const receiptsConfig = defineConfig('receipts', {
  BACKUP_RETENTION: duration().optional().describe('How long backups of the databases are kept: receipts of erasures say until when the last one with the user in it is gone. Without it they say that nobody stated it'),
  ERASURE_REMOVAL_AFTER: duration().default(600).describe('How long after an erasure its bytes are removed from the files of the databases, together with those of others; five minutes later at the latest ([erasure](docs/operating-erasure.md))'),
  ERASURE_REWRITE_MAX_MB: wholeNumber({ min: 1, max: 1_000_000 }).default(512).describe('Tables and partitions up to this size, with their indexes, are written anew to remove erased bytes, and can’t be used meanwhile; larger ones are only vacuumed, and the receipt says so'),
});

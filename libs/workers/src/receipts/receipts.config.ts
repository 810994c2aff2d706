import { defineConfig, duration } from '#libs/platform/config';

export const receiptsConfig = defineConfig('receipts', {
  BACKUP_RETENTION: duration().optional().describe('How long backups of the databases are kept: receipts of erasures say until when the last one with the user in it is gone. Without it they say that nobody stated it'),
  ERASURE_REMOVAL_AFTER: duration().default(600).describe('How long after an erasure its bytes are removed from the files of the databases, together with those of others; five minutes later at the latest ([erasure](docs/operating-erasure.md))'),
});

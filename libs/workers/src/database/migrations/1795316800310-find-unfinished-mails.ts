import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The index of the mails that wait says so by what only the sweep asks for. By their states it was also taken for mails that are looked up by their keys, since statistics
 * that were taken while nothing waited have it empty: each attempt went through all mails that waited. An attempt that begins writes no index now.
 */
export class FindUnfinishedMails1795316800310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX mails_waiting_idx; CREATE INDEX mails_unfinished_idx ON mails (requested_at) WHERE finished_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX mails_unfinished_idx; CREATE INDEX mails_waiting_idx ON mails (requested_at) WHERE state IN ('queued', 'sending')`);
  }
}

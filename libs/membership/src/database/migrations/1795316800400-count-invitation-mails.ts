import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many mails an organisation has had somebody sent by inviting them, so that there is an end to it. The version before counts none. */
export class CountInvitationMails1795316800400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE members ADD COLUMN invitation_mails jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE members DROP COLUMN invitation_mails');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails that are to be sent, and what became of them. */
export class CreateMails1767225600010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mails (
        realm_id uuid NOT NULL,
        mail_id uuid NOT NULL,
        owner text NOT NULL,
        user_id uuid,
        template text NOT NULL,
        state text NOT NULL DEFAULT 'queued',
        requested_at timestamptz(3) NOT NULL,
        request_id text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        lost integer NOT NULL DEFAULT 0,
        attempted_at timestamptz(3),
        finished_at timestamptz(3),
        failure text,
        CONSTRAINT mails_pkey PRIMARY KEY (realm_id, mail_id),
        CONSTRAINT mails_owner_check CHECK (owner IN ('identity', 'membership')),
        CONSTRAINT mails_state_check CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dropped')),
        CONSTRAINT mails_finished_check CHECK ((state IN ('queued', 'sending')) = (finished_at IS NULL))
      );
      CREATE INDEX mails_waiting_idx ON mails (requested_at) WHERE state IN ('queued', 'sending');
      CREATE INDEX mails_user_idx ON mails (realm_id, user_id) WHERE user_id IS NOT NULL;
      CREATE INDEX mails_finished_idx ON mails (finished_at) WHERE finished_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mails');
  }
}

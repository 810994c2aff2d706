import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails that users are sent about their logins, with the hashes of their tokens; and which addresses were confirmed. */
export class CreateOutgoingMails1795316800020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE logins ADD COLUMN verified_email text, ADD COLUMN email_verified_at timestamptz(3);
      ALTER TABLE logins ALTER COLUMN verified_email SET STATISTICS 0, ALTER COLUMN email_verified_at SET STATISTICS 0;

      CREATE TABLE outgoing_mails (
        realm_id uuid NOT NULL,
        mail_id uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        template text NOT NULL,
        user_id uuid,
        email text,
        new_email text,
        facts jsonb NOT NULL DEFAULT '{}',
        token_hash bytea,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        CONSTRAINT outgoing_mails_pkey PRIMARY KEY (realm_id, mail_id)
      );
      CREATE INDEX outgoing_mails_mail_id_idx ON outgoing_mails (mail_id);
      CREATE INDEX outgoing_mails_user_idx ON outgoing_mails (realm_id, user_id, template, seq) WHERE user_id IS NOT NULL;
      CREATE INDEX outgoing_mails_expires_at_idx ON outgoing_mails (expires_at);
      ALTER TABLE outgoing_mails ALTER COLUMN email SET STATISTICS 0, ALTER COLUMN new_email SET STATISTICS 0, ALTER COLUMN token_hash SET STATISTICS 0;

      CREATE TABLE mail_throttles (
        realm_id uuid NOT NULL,
        throttle_key bytea NOT NULL,
        sent integer NOT NULL,
        ends_at timestamptz(3) NOT NULL,
        CONSTRAINT mail_throttles_pkey PRIMARY KEY (realm_id, throttle_key)
      );
      CREATE INDEX mail_throttles_ends_at_idx ON mail_throttles (ends_at);
      ALTER TABLE mail_throttles ALTER COLUMN throttle_key SET STATISTICS 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_throttles, outgoing_mails; ALTER TABLE logins DROP COLUMN verified_email, DROP COLUMN email_verified_at');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { countAsFew, countAsMany } from '#libs/platform/database';

/** Whose the many rows of each are. */
const places = {
  logins: ['realm_id'],
  login_names: ['realm_id'],
  login_throttles: ['realm_id'],
  sessions: ['realm_id'],
  outgoing_mails: ['realm_id'],
  mail_throttles: ['realm_id'],
  sso_links: ['realm_id', 'organisation_id'],
  credentials: ['project_id', 'organisation_id'],
} as const;

export class CountPlacesAsFew1795316800450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await countAsFew(runner, places);
  }

  async down(runner: QueryRunner): Promise<void> {
    await countAsMany(runner, places);
  }
}

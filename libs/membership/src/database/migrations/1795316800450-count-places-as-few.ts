import type { MigrationInterface, QueryRunner } from 'typeorm';
import { countAsFew, countAsMany } from '#libs/platform/database';

/** Whose the many rows of each are. */
const places = {
  organisation_members: ['organisation_id'],
  team_members: ['organisation_id', 'team_id'],
  project_members: ['project_id'],
  invitations: ['place_id', 'organisation_id'],
  projects: ['organisation_id'],
  teams: ['organisation_id'],
} as const;

export class CountPlacesAsFew1795316800450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await countAsFew(runner, places);
  }

  async down(runner: QueryRunner): Promise<void> {
    await countAsMany(runner, places);
  }
}

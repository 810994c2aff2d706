import type { MigrationInterface, QueryRunner } from 'typeorm';
import { countAsFew, countAsMany } from '#libs/platform/database';

/** Whose the many rows of each are. */
const places = {
  users: ['realm_id'],
  directory: ['realm_id'],
  attribute_entries: ['realm_id'],
  user_aliases: ['realm_id'],
  tombstones: ['realm_id'],
  account_members: ['realm_id', 'account_id'],
  list_subscriptions: ['realm_id', 'list_id'],
  segment_members: ['realm_id', 'segment_id'],
  lists: ['realm_id'],
  segments: ['realm_id'],
} as const;

export class CountPlacesAsFew1795316800450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await countAsFew(runner, places);
  }

  async down(runner: QueryRunner): Promise<void> {
    await countAsMany(runner, places);
  }
}

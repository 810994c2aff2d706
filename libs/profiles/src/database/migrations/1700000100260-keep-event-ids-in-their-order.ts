import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The key of `event_ids` begins with the id in place of the user. Ids that are made one after the other (ours, UUIDv7, ULID, anything that counts or begins with a
 * time) then go to a few pages that are at hand; behind the user each went to a page of its own, which was read, logged whole and written back for it. Who has
 * which ids is asked when users are erased or merged only, and an index answers that which collects what is new and sorts it in together.
 */
export class KeepEventIdsInTheirOrder1700000100260 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nobody stores events meanwhile: about a second for a million ids.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('ALTER TABLE event_ids DROP CONSTRAINT event_ids_pkey');
    await runner.query('ALTER TABLE event_ids ADD CONSTRAINT event_ids_pkey PRIMARY KEY (realm_id, event_id, user_id)');
    await runner.query('CREATE INDEX event_ids_user_idx ON event_ids USING gin (user_id) WITH (gin_pending_list_limit = 256)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX event_ids_user_idx');
    await runner.query('ALTER TABLE event_ids DROP CONSTRAINT event_ids_pkey');
    await runner.query('ALTER TABLE event_ids ADD CONSTRAINT event_ids_pkey PRIMARY KEY (realm_id, user_id, event_id)');
  }
}

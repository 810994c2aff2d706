import type { MigrationInterface, QueryRunner } from 'typeorm';

const sources = ['display_name', 'first_name', 'last_name', 'email', 'phone', 'created_at', 'hidden_by'];

/** Each tracked event moves a user's `last_seen_at`: a statement that names no column of the lists no longer has each row compared. */
export class ListWhatIsListed1700000100190 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.listUpdated(runner, `UPDATE OF ${sources.join(', ')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.listUpdated(runner, 'UPDATE');
  }

  private async listUpdated(runner: QueryRunner, event: string): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE TRIGGER users_listed_update AFTER ${event} ON users FOR EACH ROW
      WHEN (${sources.map((column) => `OLD.${column} IS DISTINCT FROM NEW.${column}`).join(' OR ')}) EXECUTE FUNCTION list_updated_user()`);
  }
}

import { sql, type Queryable } from '#libs/platform/database';
import type { TokenUseRow } from './token-use.entity.js';

const find = sql('token_uses.find', 'SELECT skipped FROM token_uses WHERE project_id = $1 AND token = $2');
const note = sql('token_uses.note', 'INSERT INTO token_uses (project_id, token, skipped, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (project_id, token) DO NOTHING');
const sweep = sql('token_uses.sweep', 'DELETE FROM token_uses WHERE expires_at <= now()');

/** All SQL of `token_uses`. */
export const tokenUsesRepository = {
  async find(on: Queryable, projectId: string, token: string): Promise<Pick<TokenUseRow, 'skipped'> | undefined> {
    return (await on.query<Pick<TokenUseRow, 'skipped'>>(find, [projectId, token]))[0];
  },

  async note(on: Queryable, { projectId, token, skipped, expiresAt }: TokenUseRow): Promise<void> {
    await on.execute(note, [projectId, token, skipped, expiresAt]);
  },

  async sweep(on: Queryable): Promise<number> {
    return on.execute(sweep);
  },
};

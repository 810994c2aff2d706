import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';

const { membershipErrors } = membership;
const columns = 'organisation_id AS "organisationId", name, slug, created_at AS "createdAt", modified_at AS "modifiedAt"';

// Without naming a constraint: it does nothing when the id is there (a retry) and when the slug is (somebody else's).
const insert = sql('organisations.insert', `INSERT INTO organisations (organisation_id, slug, name, created_by, modified_by) VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING RETURNING ${columns}`);
const get = sql('organisations.get', `SELECT ${columns} FROM organisations WHERE organisation_id = $1`);
const findBySlug = sql('organisations.find-by-slug', `SELECT ${columns} FROM organisations WHERE slug = $1`);
// Not FOR UPDATE, which would wait for every transaction that only refers to the organisation.
const lock = sql('organisations.lock', `SELECT ${columns} FROM organisations WHERE organisation_id = $1 FOR NO KEY UPDATE`);
const lockToDelete = sql('organisations.lock-to-delete', 'SELECT FROM organisations WHERE organisation_id = $1 FOR UPDATE');
const update = sql('organisations.update', `UPDATE organisations SET name = $2, slug = $3, modified_at = now(), modified_by = $4 WHERE organisation_id = $1 RETURNING ${columns}`);
const remove = sql('organisations.remove', 'DELETE FROM organisations WHERE organisation_id = $1');
const contents = sql(
  'organisations.contents',
  `SELECT (SELECT count(*)::int FROM projects WHERE organisation_id = $1) AS projects, (SELECT count(*)::int FROM teams WHERE organisation_id = $1) AS teams`,
);
const all = sql('organisations.list-all', `SELECT ${columns} FROM organisations WHERE organisation_id < $1 ORDER BY organisation_id DESC LIMIT $2`);
const ofMember = sql(
  'organisations.list-of-member',
  `SELECT ${columns.replace('created_at', 'o.created_at').replace('modified_at', 'o.modified_at')} FROM organisation_members m JOIN organisations o USING (organisation_id)
   WHERE m.user_id = $3 AND m.status = 'active' AND organisation_id < $1 ORDER BY organisation_id DESC LIMIT $2`,
);

const slugTaken = { organisations_slug_key: () => membershipErrors.failure('slug-taken', 'Another organisation has this slug.', { details: [{ path: 'slug', message: 'is taken' }] }) };

@Injectable()
export class OrganisationsRepository {
  /** @returns undefined when the id or the slug is there already */
  async insert(tx: Transaction, { organisationId, slug, name }: { organisationId: string; slug: string; name: string }, actorId: string): Promise<membership.Organisation | undefined> {
    return (await tx.query<membership.Organisation>(insert, [organisationId, slug, name, actorId]))[0];
  }

  async get(on: Queryable, organisationId: string): Promise<membership.Organisation | undefined> {
    return (await on.query<membership.Organisation>(get, [organisationId]))[0];
  }

  async findBySlug(on: Queryable, slug: string): Promise<membership.Organisation | undefined> {
    return (await on.query<membership.Organisation>(findBySlug, [slug]))[0];
  }

  /** For decisions about the organisation and its members that must come one after the other. An unknown id locks nothing. */
  async lock(tx: Transaction, organisationId: string): Promise<membership.Organisation | undefined> {
    return (await tx.query<membership.Organisation>(lock, [organisationId]))[0];
  }

  /** Waits for everybody who refers to the organisation, and lets nobody refer to it until the transaction ends. */
  async lockToDelete(tx: Transaction, organisationId: string): Promise<boolean> {
    return (await tx.query(lockToDelete, [organisationId])).length > 0;
  }

  /** @throws Failure `slug-taken` */
  async update(tx: Transaction, { organisationId, name, slug }: membership.Organisation, actorId: string): Promise<membership.Organisation> {
    const [row] = await tx.query<membership.Organisation>(update, [organisationId, name, slug, actorId]).catch(onConstraint(slugTaken));
    return row!;
  }

  async remove(tx: Transaction, organisationId: string): Promise<void> {
    await tx.execute(remove, [organisationId]);
  }

  async contents(tx: Transaction, organisationId: string): Promise<{ projects: number; teams: number }> {
    const [row] = await tx.query<{ projects: number; teams: number }>(contents, [organisationId]);
    return row!;
  }

  /** By id downwards, from before `before`. */
  async list(on: Queryable, before: string, limit: number): Promise<membership.Organisation[]> {
    return on.query<membership.Organisation>(all, [before, limit]);
  }

  async listOfMember(on: Queryable, userId: string, before: string, limit: number): Promise<membership.Organisation[]> {
    return on.query<membership.Organisation>(ofMember, [before, limit, userId]);
  }
}

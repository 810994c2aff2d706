import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

const columns = 'organisation_id AS "organisationId", name, slug';

// Without naming a constraint: it does nothing when the id is there (a retry) and when the slug is (somebody else's).
const insert = sql('organisations.insert', `INSERT INTO organisations (organisation_id, slug, name, created_by, modified_by) VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING`);
const get = sql('organisations.get', `SELECT ${columns} FROM organisations WHERE organisation_id = $1`);
const findBySlug = sql('organisations.find-by-slug', `SELECT ${columns} FROM organisations WHERE slug = $1`);
// Not FOR UPDATE, which would wait for every transaction that only refers to the organisation.
const lock = sql('organisations.lock', 'SELECT FROM organisations WHERE organisation_id = $1 FOR NO KEY UPDATE');

@Injectable()
export class OrganisationsRepository {
  /** @returns false when the id or the slug is there already */
  async insert(tx: Transaction, { organisationId, slug, name }: membership.Organisation, actorId: string): Promise<boolean> {
    return (await tx.execute(insert, [organisationId, slug, name, actorId])) > 0;
  }

  async get(on: Queryable, organisationId: string): Promise<membership.Organisation | undefined> {
    return (await on.query<membership.Organisation>(get, [organisationId]))[0];
  }

  async findBySlug(on: Queryable, slug: string): Promise<membership.Organisation | undefined> {
    return (await on.query<membership.Organisation>(findBySlug, [slug]))[0];
  }

  /** For decisions about the organisation's members that must come one after the other. An unknown id locks nothing. */
  async lock(tx: Transaction, organisationId: string): Promise<void> {
    await tx.query(lock, [organisationId]);
  }
}

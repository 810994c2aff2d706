import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { DirectoryRepository } from './directory.repository.js';

export type RoleState = RequestOf<typeof profiles.applyRoles>['users'][number];

/** Takes over what membership says of users' roles in their own project, where it is newer than what we have. */
@Injectable()
export class ApplyRoles {
  constructor(private readonly directory: DirectoryRepository) {}

  /** @returns whose roles were taken over: ids as Postgres writes them; users who are not at home here, or hidden, are not among them */
  async execute(tx: Transaction, realm: string, given: readonly RoleState[]): Promise<ReadonlySet<string>> {
    const realmId = realm.toLowerCase();
    const states = new Map<string, RoleState>();
    for (const state of given) {
      const userId = state.userId.toLowerCase();
      const other = states.get(userId);
      if (other === undefined || other.version < state.version) states.set(userId, { ...state, userId });
    }
    return this.directory.applyRoles(tx, realmId, [...states.values()]);
  }
}

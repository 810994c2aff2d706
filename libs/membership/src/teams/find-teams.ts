import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { Failure } from '#libs/platform/errors';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { newestFirst } from '../paging/newest-first.js';
import { PageCursors } from '../paging/page-cursors.js';
import { TeamsRepository } from './teams.repository.js';

@Injectable()
export class FindTeams {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly cursors: PageCursors,
  ) {}

  async get(teamId: string): Promise<membership.Team> {
    const team = await this.teams.get(this.database, teamId);
    if (team === undefined) throw teamNotFound();
    return team;
  }

  async list({ organisationId, userId, ...page }: RequestOf<typeof membership.listTeams>): Promise<ResponseOf<typeof membership.listTeams>> {
    const question = ['teams', organisationId ?? null, userId ?? null];
    const read = (before: string, limit: number) =>
      userId === undefined ? this.teams.list(this.database, organisationId, before, limit) : this.teams.listOfUser(this.database, userId, organisationId, before, limit);
    const { rows, nextCursor } = await newestFirst(this.cursors, question, page, read, ({ teamId }) => teamId);
    return { teams: rows, nextCursor };
  }
}

export function teamNotFound(): Failure {
  return membership.membershipErrors.failure('team-not-found', 'There is no such team.');
}

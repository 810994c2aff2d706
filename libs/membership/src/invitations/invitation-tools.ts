import { Injectable } from '@nestjs/common';
import { DirectoryRepository } from '../directory/directory.repository.js';
import { MembersRepository } from '../roles/members.repository.js';
import { Departures } from '../staff/departures.js';
import { InvitationPlaces } from './invitation-places.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InviteesRepository } from './invitees.repository.js';

/** What it takes to write invitations in a transaction. */
@Injectable()
export class InvitationTools {
  constructor(
    readonly members: MembersRepository,
    readonly places: InvitationPlaces,
    readonly invitations: InvitationsRepository,
    readonly invitees: InviteesRepository,
    readonly directory: DirectoryRepository,
    readonly departures: Departures,
  ) {}
}

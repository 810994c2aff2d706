import { Injectable } from '@nestjs/common';
import { identity, systemActor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { publicKind } from '../credentials/audited-credential.js';
import { closedPlacesRepository } from './closed-places.repository.js';

/** Shuts what was deleted: nobody comes in by a key, a client or a provider of it any more. */
@Injectable()
export class ClosePlace {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async execute(place: identity.ClosedPlace, context: CallContext): Promise<void> {
    await this.database.withTransaction((tx) => this.within(tx, place, context));
  }

  /** Again is no change: there is nothing left to revoke. */
  async within(tx: Transaction, place: identity.ClosedPlace, context: CallContext): Promise<void> {
    await closedPlacesRepository.put(tx, place);
    const revoked = await closedPlacesRepository.revokeAll(tx, place, `${systemActor.type}:${systemActor.id}`);
    await closedPlacesRepository.shut(tx, place);
    await this.outbox.append(tx, context, ...revoked.map(({ credentialId }) => event(identity.credentialRevoked, { credentialId })));
    // The project is gone, so that nobody could tell whose it was but its organisation.
    const told = revoked.map(({ credentialId, kind }) => ({ actor: systemActor, action: `${publicKind[kind]}.revoked`, target: { type: publicKind[kind], id: credentialId }, organisationId: place.organisationId, before: ['name', 'roles'] }));
    await auditTrail.append(tx, context, ...told);
  }
}

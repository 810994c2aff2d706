import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { DataKeys, SequenceCursors } from '#libs/platform/keys';

/** Cursors of lists in the order of insertion. */
@Injectable()
export class InsertionCursors extends SequenceCursors {
  constructor(dataKeys: DataKeys) {
    super(dataKeys, 'profiles user list cursors', () => profiles.profilesErrors.failure('invalid-cursor', 'The cursor was not given for this list.'));
  }
}

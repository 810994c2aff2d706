import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { DataKeys, SequenceCursors } from '#libs/platform/keys';

/** Cursors of the audit trail, in the order of collection. */
@Injectable()
export class AuditCursors extends SequenceCursors {
  constructor(dataKeys: DataKeys) {
    super(dataKeys, 'audit cursors', () => operations.operationsErrors.failure('invalid-cursor', 'The cursor was not given for this list.'));
  }
}

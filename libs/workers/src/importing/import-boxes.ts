import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { DataKeys, seal } from '#libs/platform/keys';

/** What of an import lies in the database is sealed, or a keyed hash: no file of the server ever shows somebody's data by it. */
@Injectable()
export class ImportBoxes {
  constructor(private readonly dataKeys: DataKeys) {}

  sealPart(importId: string, firstByte: number, bytes: Buffer): Buffer {
    return seal(this.dataKeys.for('import files'), bytes, `${importId} ${firstByte}`);
  }

  openPart(importId: string, firstByte: number, sealed: Buffer): Buffer {
    return opened(this.dataKeys.open('import files', sealed, `${importId} ${firstByte}`));
  }

  sealErrors(importId: string, line: number, errors: readonly operations.ImportError[]): Buffer {
    return seal(this.dataKeys.for('import errors'), Buffer.from(JSON.stringify(errors)), `${importId} ${line}`);
  }

  openErrors(importId: string, line: number, sealed: Buffer): operations.ImportError[] {
    return JSON.parse(opened(this.dataKeys.open('import errors', sealed, `${importId} ${line}`)).toString()) as operations.ImportError[];
  }

  /** @param key whom or what a row is about */
  hashOf(importId: string, key: string): Buffer {
    return createHmac('sha256', this.dataKeys.lasting('import keys')).update(`${importId} ${key}`).digest().subarray(0, 16);
  }
}

function opened(bytes: Buffer | null): Buffer {
  if (bytes === null) throw new Error('what an import left in the database can not be opened');
  return bytes;
}

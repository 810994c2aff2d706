import { createHash } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { rollcallVersion } from '#libs/platform/database';
import type { Dialects } from '../http/dialects.js';
import { apiDocument, type DocumentName } from './api-document.js';
import { operationsOf } from './operations.js';

export interface PublishedDocument {
  /** JSON, as it is sent: made once. */
  bytes: Buffer;
  /** Changes when the text does. */
  etag: string;
}

/** The OpenAPI documents of what the controllers serve. Each is made when it is first asked for, and kept: nothing changes it. */
export class ApiDocuments {
  private readonly made = new Map<string, PublishedDocument>();
  private publicUrl = '/';

  constructor(
    private readonly controllers: readonly Type[],
    private readonly dialects: Dialects,
  ) {}

  /** Before the first is asked for: the address that clients use. */
  publishAt(publicUrl: string): void {
    this.publicUrl = publicUrl;
    this.made.clear();
  }

  of(name: DocumentName | 'all'): PublishedDocument {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const text = JSON.stringify(apiDocument(name, operationsOf(this.controllers), this.dialects, { publicUrl: this.publicUrl, version: rollcallVersion }));
    const made = { bytes: Buffer.from(text), etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
    this.made.set(name, made);
    return made;
  }
}

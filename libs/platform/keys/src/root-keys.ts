import type { StoredKey } from './data-keys.repository.js';
import { deriveKey, open, seal } from './sealed-box.js';

/** So long after it was made a secret is used: by then every replica has it. */
export const usedAfterMs = 60_000;

/** What the master key itself is used for, and nothing else. */
const purpose = 'data keys';

/** A secret that keys of a service come from. */
export interface RootKey {
  readonly name: string;
  readonly secret: Buffer;
  /** Milliseconds since the epoch. */
  readonly usedFrom: number;
}

export function rootKey(name: string, secret: Buffer): RootKey {
  return { name, secret, usedFrom: name === 'root' ? 0 : madeAt(name) + usedAfterMs };
}

/** Of one that is not the first, milliseconds since the epoch. */
export function madeAt(name: string): number {
  return Number(name.slice('root-'.length));
}

export function sealRoot(masterKey: Buffer, service: string, { name, secret }: Pick<RootKey, 'name' | 'secret'>): Buffer {
  return seal(deriveKey(masterKey, purpose), secret, placeOf(service, name));
}

/** @returns null when it is sealed under another master key, or is another one's box */
export function openRoot(masterKey: Buffer, service: string, { name, sealed }: StoredKey): Buffer | null {
  return sealed === null ? null : open(deriveKey(masterKey, purpose), sealed, placeOf(service, name));
}

function placeOf(service: string, name: string): string {
  return name === 'root' ? `data key of ${service}` : `data key ${name} of ${service}`;
}

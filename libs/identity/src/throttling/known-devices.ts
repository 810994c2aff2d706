import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { DataKeys } from '#libs/platform/keys';
import { identityConfig } from '../identity.config.js';

const version = 1;
const idBytes = 12;
const tagBytes = 16;
const markBytes = 1 + idBytes + 4 + tagBytes;
const markLength = (markBytes * 4) / 3;
/** People who share a browser keep a mark each. */
const mostMarks = 5;

/** Longer than any device token of ours. */
const longestDeviceToken = mostMarks * (markLength + 1);

export interface DeviceUser {
  realmId: string;
  userId: string;
}

/**
 * Tells devices on which a user has logged in before, so that strangers who try passwords hold back everybody but them.
 *
 * A device token is up to five marks joined by dots, newest first, each of one user: version, id of the device, time of
 * issue, and a tag over these and the user under a key of the deployment. It opens nothing, names nobody, and nothing of it
 * is stored: whoever has one has failures of their own to use up, and still needs the password.
 */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly dataKeys: DataKeys,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  /** @returns the id of the device, when the user has logged in on it */
  recognise(token: string | null, user: DeviceUser): Buffer | null {
    const mark = marksOf(token).find((one) => this.isOf(one, user));
    return mark === undefined ? null : idOf(mark);
  }

  /** The token that a device keeps after a login: it keeps its id for this user, and the marks of others. */
  issue(token: string | null, user: DeviceUser): string {
    const others: Buffer[] = [];
    let deviceId: Buffer | null = null;
    for (const mark of marksOf(token)) {
      if (this.isOf(mark, user)) deviceId ??= idOf(mark);
      else others.push(mark);
    }
    const fresh = this.mark(deviceId ?? randomBytes(idBytes), user);
    return [fresh, ...others].slice(0, mostMarks).map((mark) => mark.toString('base64url')).join('.');
  }

  private mark(deviceId: Buffer, user: DeviceUser): Buffer {
    const head = Buffer.alloc(1 + idBytes + 4);
    head.writeUInt8(version);
    deviceId.copy(head, 1);
    head.writeUInt32BE(Math.floor(Date.now() / 1_000), 1 + idBytes);
    return Buffer.concat([head, this.tag(head, user)]);
  }

  private isOf(mark: Buffer, user: DeviceUser): boolean {
    const head = mark.subarray(0, -tagBytes);
    const age = Date.now() / 1_000 - head.readUInt32BE(1 + idBytes);
    return timingSafeEqual(mark.subarray(-tagBytes), this.tag(head, user)) && age < this.config.KNOWN_DEVICE_TTL;
  }

  private tag(head: Buffer, { realmId, userId }: DeviceUser): Buffer {
    return createHmac('sha256', this.dataKeys.for('known devices')).update(head).update(`${realmId}\n${userId}`).digest().subarray(0, tagBytes);
  }
}

/** What could be ours by its form. */
function marksOf(token: string | null): Buffer[] {
  if (token === null || token === '' || token.length > longestDeviceToken) return [];
  const parts = token.split('.').filter((part) => part.length === markLength && /^[\w-]+$/.test(part));
  return parts.map((part) => Buffer.from(part, 'base64url')).filter((mark) => mark[0] === version);
}

function idOf(mark: Buffer): Buffer {
  return mark.subarray(1, 1 + idBytes);
}

import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataKeys } from '#libs/platform/keys';
import { networkOf } from '#libs/platform/limits';

/**
 * What failures are counted under: keyed hashes, so that neither table tells names or addresses, nor lets anybody who has
 * a copy find them by trying likely ones.
 */
@Injectable()
export class ThrottleKeys {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @param name in its canonical form */
  forName(realmId: string, name: string): Buffer {
    return this.hash(`name\n${realmId}\n${name}`);
  }

  /** Of a device on which the user has logged in before. */
  forDevice(realmId: string, userId: string, deviceId: Buffer): Buffer {
    return this.hash(`device\n${realmId}\n${userId}\n${deviceId.toString('hex')}`);
  }

  forAddress(address: string): Buffer {
    return this.hash(`address\n${networkOf(address)}`);
  }

  /** Of mails of one kind to one address. @param name the address in its canonical form */
  forRecipient(realmId: string, template: string, name: string): Buffer {
    return this.hash(`recipient\n${realmId}\n${template}\n${name}`);
  }

  /** Of mails to one address, whatever they say and whoever has them sent. @param name the address in its canonical form */
  forMailbox(name: string): Buffer {
    return this.hash(`mailbox\n${name}`);
  }

  /** Of requests for mail from one network address. */
  forMailRequests(address: string): Buffer {
    return this.hash(`mail requests\n${networkOf(address)}`);
  }

  private hash(text: string): Buffer {
    return createHmac('sha256', this.dataKeys.lasting('login throttles')).update(text).digest();
  }
}

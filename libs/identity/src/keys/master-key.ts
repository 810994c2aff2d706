import { Inject, Injectable } from '@nestjs/common';
import { masterKeyConfig, type ConfigValues } from '#libs/platform/config';
import { deriveKey } from './sealed-box.js';

/** The deployment's master key. Each purpose gets a key of its own, so that no two of them can be played against each other. */
@Injectable()
export class MasterKey {
  private readonly derived = new Map<string, Buffer>();

  constructor(@Inject(masterKeyConfig.token) private readonly config: ConfigValues<typeof masterKeyConfig>) {}

  /** 256 bits, the same on every replica. */
  for(purpose: string): Buffer {
    let key = this.derived.get(purpose);
    if (key === undefined) this.derived.set(purpose, (key = deriveKey(this.config.ROLLCALL_MASTER_KEY, purpose)));
    return key;
  }
}

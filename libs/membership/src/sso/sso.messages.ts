import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { AdmitBySso } from './admit-by-sso.js';

@Injectable()
export class SsoMessages {
  constructor(private readonly admitBySso: AdmitBySso) {}

  @Handles(membership.admitBySso)
  async admit(...[request, context]: HandlerArguments<typeof membership.admitBySso>) {
    return { userId: await this.admitBySso.execute(request, context) };
  }
}

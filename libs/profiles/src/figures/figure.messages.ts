import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CountRealmDays } from './count-realm-days.js';

@Injectable()
export class FigureMessages {
  constructor(private readonly countRealmDays: CountRealmDays) {}

  @Handles(profiles.countRealmDays)
  count(...[request]: HandlerArguments<typeof profiles.countRealmDays>) {
    return this.countRealmDays.execute(request);
  }
}

import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { loginDaysRepository } from './login-days.repository.js';

@Injectable()
export class FigureMessages {
  constructor(private readonly database: Database) {}

  @Handles(identity.countLoginDays)
  async count(...[{ realmId, from, to }]: HandlerArguments<typeof identity.countLoginDays>) {
    return { days: await loginDaysRepository.list(this.database, realmId, from, to) };
  }
}

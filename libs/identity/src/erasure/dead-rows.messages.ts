import { Injectable } from '@nestjs/common';
import { deadRowsOwners } from '#libs/contracts';
import { Database, removeDeadRows } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { forgetfulTables, passingTables, personalTables } from './personal-data.js';

const remove = deadRowsOwners.identity;
const tables = [personalTables, forgetfulTables, passingTables].flatMap((list) => Object.keys(list));

/** Removes from the files of the database what erased users have left there. */
@Injectable()
export class DeadRowsMessages {
  constructor(private readonly database: Database) {}

  @Handles(remove)
  async remove(...[request]: HandlerArguments<typeof remove>) {
    return { tables: await removeDeadRows(this.database, { ...request, tables }) };
  }
}

import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ChangeLists } from './change-lists.js';
import { FindLists } from './find-lists.js';
import { SetSubscription } from './set-subscription.js';

@Injectable()
export class ListMessages {
  constructor(
    private readonly findLists: FindLists,
    private readonly changeLists: ChangeLists,
    private readonly setSubscription: SetSubscription,
  ) {}

  @Handles(profiles.listLists)
  list(...[request]: HandlerArguments<typeof profiles.listLists>) {
    return this.findLists.page(request);
  }

  @Handles(profiles.getList)
  get(...[request]: HandlerArguments<typeof profiles.getList>) {
    return this.findLists.one(request);
  }

  @Handles(profiles.createList)
  create(...[request, context]: HandlerArguments<typeof profiles.createList>) {
    return this.changeLists.create(request, context);
  }

  @Handles(profiles.renameList)
  rename(...[request, context]: HandlerArguments<typeof profiles.renameList>) {
    return this.changeLists.rename(request, context);
  }

  @Handles(profiles.removeList)
  async remove(...[request, context]: HandlerArguments<typeof profiles.removeList>) {
    await this.changeLists.remove(request, context);
    return {};
  }

  @Handles(profiles.setSubscription)
  subscribe(...[request, context]: HandlerArguments<typeof profiles.setSubscription>) {
    return this.setSubscription.execute(request, context);
  }
}

import { Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DatabaseModule } from '#libs/platform/database';
import { EventsModule } from '#libs/platform/events';
import { entities } from './database/entities.js';
import { migrations } from './database/migrations.js';
import { ApplyLoginStates } from './directory/apply-login-states.js';
import { BeginLogin } from './directory/begin-login.js';
import { DirectoryMessages } from './directory/directory.messages.js';
import { DirectoryRepository } from './directory/directory.repository.js';
import { FollowLogins } from './directory/follow-logins.js';
import { CountProfileRemains } from './erasure/count-profile-remains.js';
import { EraseProfile } from './erasure/erase-profile.js';
import { ErasureMessages } from './erasure/erasure.messages.js';
import { HiddenUsersRepository } from './erasure/hidden-users.repository.js';
import { HideUsers } from './erasure/hide-users.js';
import { TombstoneKeys } from './erasure/tombstone-keys.js';
import { TombstonesRepository } from './erasure/tombstones.repository.js';
import { ensureEventPartitions } from './events/ensure-event-partitions.js';
import { EventCursors } from './events/event-cursors.js';
import { EventMessages } from './events/event.messages.js';
import { EventsRepository } from './events/events.repository.js';
import { ListEvents } from './events/list-events.js';
import { TrackEvent } from './events/track-event.js';
import { Upkeep } from './upkeep/upkeep.js';
import { GetUser } from './users/get-user.js';
import { UpsertUser } from './users/upsert-user.js';
import { UserMessages } from './users/user.messages.js';
import { UserWriter } from './users/user-writer.js';
import { UsersRepository } from './users/users.repository.js';

/** Before the first event is written, there is a partition for it. */
async function prepareEventPartitions(dataSource: DataSource): Promise<void> {
  await dataSource.transaction((manager) => ensureEventPartitions((text) => manager.query(text)));
}

const service = 'profiles';
const database = DatabaseModule.forService({ service, entities, migrations, check: prepareEventPartitions });

@Module({
  imports: [database, EventsModule.forService({ service, database })],
  providers: [
    UserMessages, UpsertUser, UserWriter, GetUser, UsersRepository,
    EventMessages, TrackEvent, ListEvents, EventCursors, EventsRepository,
    DirectoryMessages, ApplyLoginStates, BeginLogin, FollowLogins, DirectoryRepository,
    ErasureMessages, HideUsers, EraseProfile, CountProfileRemains, HiddenUsersRepository, TombstonesRepository, TombstoneKeys,
    Upkeep,
  ],
})
export class ProfilesModule {}

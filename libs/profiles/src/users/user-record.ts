import type { profiles, Scalar } from '#libs/contracts';

/** A row of `users` as statements give it (see `userColumns`). */
export interface UserRecord {
  realmId: string;
  userId: string;
  externalId: string | null;
  displayName: string | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
  notes: string | null;
  city: string | null;
  country: string | null;
  region: string | null;
  timezone: string | null;
  preferences: profiles.Profile['preferences'];
  preferencesUpdatedAt: string | null;
  attributes: Record<string, Scalar>;
  devices: { token: string; platform: 'android' | 'ios' }[];
  isAccount: boolean;
  createdAt: string;
  createdBy: string;
  modifiedAt: string;
  modifiedBy: string;
  firstSeenAt: string | null;
  lastSeenAt: string | null;
  activity: profiles.Profile['activity'];
  version: number;
}

/** What is known of a user outside their row: what identity and membership say, the accounts and segments they are in, and the lists they are on. */
export interface DirectoryRecord {
  userName: string | null;
  isActive: boolean;
  canLogIn: boolean;
  roles: string[];
  accounts: profiles.Profile['accounts'];
  lists: profiles.Profile['lists'];
  segments: profiles.Profile['segments'];
}

/** Of a user who is locked. */
export interface LockedDirectoryRecord extends DirectoryRecord {
  /** Identity's version of what it says; 0: it has said nothing. */
  loginVersion: number;
}

/** A user of whom neither identity nor membership ever said anything. */
export const unlisted: DirectoryRecord = { userName: null, isActive: true, canLogIn: false, roles: [], accounts: [], lists: [], segments: [] };

/** Of a row that was joined with what is known, where something is. */
export function directoryOf(row: { [K in keyof DirectoryRecord]?: DirectoryRecord[K] | null | undefined }): DirectoryRecord {
  const of = <K extends keyof DirectoryRecord>(name: K): DirectoryRecord[K] => row[name] ?? unlisted[name];
  return { userName: of('userName'), isActive: of('isActive'), canLogIn: of('canLogIn'), roles: of('roles'), accounts: of('accounts'), lists: of('lists'), segments: of('segments') };
}

/** The uid of who has no external id is what it would be if nobody else went by it (see `withShownUids`). */
export function toProfile(user: UserRecord, directory: DirectoryRecord): profiles.Profile {
  return {
    userId: user.userId,
    realmId: user.realmId,
    externalId: user.externalId,
    uid: user.externalId ?? user.email ?? directory.userName ?? user.userId,
    displayName: user.displayName,
    firstName: user.firstName,
    lastName: user.lastName,
    email: user.email,
    phone: user.phone,
    notes: user.notes,
    city: user.city,
    country: user.country,
    region: user.region,
    timezone: user.timezone,
    preferences: user.preferences,
    preferencesUpdatedAt: user.preferencesUpdatedAt,
    attributes: user.attributes,
    devices: user.devices,
    isAccount: user.isAccount,
    accounts: directory.accounts,
    lists: directory.lists,
    segments: directory.segments,
    firstSeenAt: user.firstSeenAt,
    lastSeenAt: user.lastSeenAt,
    activity: user.activity,
    createdAt: user.createdAt,
    createdBy: user.createdBy,
    modifiedAt: user.modifiedAt,
    modifiedBy: user.modifiedBy,
    version: user.version,
    userName: directory.userName,
    isActive: directory.isActive,
    roles: directory.roles,
  };
}

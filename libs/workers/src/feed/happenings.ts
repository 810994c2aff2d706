import { allEvents, identity, membership, profiles, staffRealmId, type operations, type OutboxEvent } from '#libs/contracts';
import type { AnyEventType, EventDataOf } from '#libs/platform/messages';

type FeedType = operations.FeedType;

/** What an event says about a project: an entry of its feed for each user that it is about, or one where it is about none. */
export interface Happening {
  projectId: string;
  type: FeedType;
  /** Each is the subject of an entry, and its `user_id`. */
  userIds: readonly string[];
  /** Id or name of what it is about; null where that is users. */
  subject: string | null;
  /** Ids, versions and names of facts, as the feed shows them. */
  data: Record<string, unknown>;
}

type Telling<E extends AnyEventType> = (data: EventDataOf<E>) => Happening[];

const tellings = new Map<string, { eventType: AnyEventType; tell: Telling<AnyEventType> }>();

function tell<E extends AnyEventType>(eventType: E, telling: Telling<E>): void {
  tellings.set(eventType.type, { eventType, tell: telling });
}

const ofUsers = (projectId: string, type: FeedType, userIds: readonly string[], data: Record<string, unknown> = {}): Happening[] => (userIds.length === 0 ? [] : [{ projectId, type, userIds, subject: null, data }]);
const ofUser = (projectId: string, type: FeedType, userId: string, data: Record<string, unknown> = {}): Happening => ({ projectId, type, userIds: [userId], subject: null, data });
const ofThing = (projectId: string, type: FeedType, subject: string, data: Record<string, unknown>): Happening => ({ projectId, type, userIds: [], subject, data });

/** Names of facts as the surfaces write them; attributes have the names that the project gave them. */
const asShown = (fact: string): string => (fact.startsWith('attributes.') ? fact : fact.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));

tell(profiles.userChanged, ({ realmId, userId, version, created, facts }) => [ofUser(realmId, created ? 'rollcall.user.created' : 'rollcall.user.updated', userId, { version, changed: facts.map(asShown) })]);
tell(profiles.usersMerged, ({ realmId, userId, sourceUserId }) => [ofUser(realmId, 'rollcall.user.merged', userId, { source_user_id: sourceUserId })]);
tell(profiles.eventsTracked, ({ realmId, userIds }) => ofUsers(realmId, 'rollcall.user.tracked', [...new Set(userIds)]));
tell(profiles.usersHidden, ({ realmId, erasureId, userIds }) => ofUsers(realmId, 'rollcall.user.erased', userIds, { job_id: erasureId }));
tell(profiles.activityEventsMarked, ({ realmId }) => [ofThing(realmId, 'rollcall.activity_events.changed', realmId, {})]);
tell(profiles.listChanged, ({ realmId, listId, created }) => [ofThing(realmId, created ? 'rollcall.list.created' : 'rollcall.list.updated', listId, { list_id: listId })]);
tell(profiles.listRemoved, ({ realmId, listId }) => [ofThing(realmId, 'rollcall.list.deleted', listId, { list_id: listId })]);
tell(profiles.segmentChanged, ({ realmId, segmentId, created }) => [ofThing(realmId, created ? 'rollcall.segment.created' : 'rollcall.segment.updated', segmentId, { segment_id: segmentId })]);
tell(profiles.segmentRemoved, ({ realmId, segmentId }) => [ofThing(realmId, 'rollcall.segment.deleted', segmentId, { segment_id: segmentId })]);
tell(profiles.fieldsDeclared, ({ realmId, names }) => [ofThing(realmId, 'rollcall.fields.declared', realmId, { names })]);
tell(profiles.fieldConverted, ({ realmId, name }) => [ofThing(realmId, 'rollcall.field.converted', name, { name })]);
tell(profiles.fieldRemoved, ({ realmId, name }) => [ofThing(realmId, 'rollcall.field.deleted', name, { name })]);
tell(identity.loginChanged, ({ realmId, userId, version, facts }) => [ofUser(realmId, 'rollcall.user.login_changed', userId, { login_version: version, changed: facts.map(asShown) })]);
tell(identity.sessionsEnded, ({ realmId, userId, sessionIds, reason }) => [ofUser(realmId, 'rollcall.user.sessions_ended', userId, { session_ids: sessionIds, reason })]);
tell(identity.sdkKeyChanged, ({ projectId, sdkKeyId, version }) => [ofThing(projectId, 'rollcall.sdk_key.changed', sdkKeyId, { sdk_key_id: sdkKeyId, version })]);
tell(identity.sdkKeyRemoved, ({ projectId, sdkKeyId }) => [ofThing(projectId, 'rollcall.sdk_key.deleted', sdkKeyId, { sdk_key_id: sdkKeyId })]);
tell(membership.rolesChanged, ({ projectId, userId }) => (projectId === undefined ? [] : [ofUser(projectId, 'rollcall.user.roles_changed', userId)]));
tell(membership.projectRoleChanged, ({ projectId, role }) => [ofThing(projectId, 'rollcall.role.changed', role, { role })]);
tell(membership.projectRoleRemoved, ({ projectId, role }) => [ofThing(projectId, 'rollcall.role.deleted', role, { role })]);
tell(membership.projectCreated, ({ projectId }) => [ofThing(projectId, 'rollcall.project.created', projectId, { project_id: projectId })]);
tell(membership.projectChanged, ({ projectId, changed }) => [ofThing(projectId, 'rollcall.project.updated', projectId, { project_id: projectId, changed: changed.map(asShown) })]);

const known = new Set(allEvents.map(({ type }) => type));

/**
 * What an event tells the feeds of projects: nothing, where it is about staff, organisations or Rollcall's own affairs.
 * @returns undefined when it is no event that this version knows, or holds something else than it says
 */
export function happeningsOf({ type, data }: OutboxEvent): Happening[] | undefined {
  const telling = tellings.get(type);
  if (telling === undefined) return known.has(type) ? [] : undefined;
  const parsed = telling.eventType.data.safeParse(data);
  return parsed.success ? telling.tell(parsed.data).filter(({ projectId }) => projectId !== staffRealmId) : undefined;
}

import { auditEntities } from '#libs/platform/audit';
import { eventsEntities } from '#libs/platform/events';
import { idempotencyEntities } from '#libs/platform/idempotency';
import { AccountMember } from '../accounts/account-member.entity.js';
import { ActivityEvent } from '../activity/activity-event.entity.js';
import { DirectoryEntry } from '../directory/directory-entry.entity.js';
import { UserCount } from '../directory/user-count.entity.js';
import { Tombstone } from '../erasure/tombstone.entity.js';
import { EventId } from '../events/event-id.entity.js';
import { UserEvent } from '../events/user-event.entity.js';
import { List } from '../lists/list.entity.js';
import { ListSubscription } from '../lists/list-subscription.entity.js';
import { Segment } from '../segments/segment.entity.js';
import { SegmentMember } from '../segments/segment-member.entity.js';
import { ProfileField } from '../fields/profile-field.entity.js';
import { UserAlias } from '../merging/user-alias.entity.js';
import { User } from '../users/user.entity.js';

export const entities = [...eventsEntities, ...auditEntities, ...idempotencyEntities, User, DirectoryEntry, UserCount, UserEvent, EventId, Tombstone, AccountMember, UserAlias, ProfileField, List, ListSubscription, Segment, SegmentMember, ActivityEvent];

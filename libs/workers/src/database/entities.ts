import { eventsEntities } from '#libs/platform/events';
import { ErasureCount } from '../erasure/erasure-count.entity.js';
import { ErasureUser } from '../erasure/erasure-user.entity.js';
import { Erasure } from '../erasure/erasure.entity.js';
import { FeedEntry } from '../feed/feed-entry.entity.js';
import { MailEntry } from '../mail/mail.entity.js';

export const entities = [...eventsEntities, Erasure, ErasureUser, ErasureCount, FeedEntry, MailEntry] as const;

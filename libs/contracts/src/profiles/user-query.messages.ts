import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId, storableText } from '../values.js';
import { profile } from './user.messages.js';

/** Fields of a user that a list may be filtered by, besides attributes. */
export const userFilterFields = ['id', 'firstName', 'lastName', 'userName', 'email', 'phone', 'roles', 'isActive', 'createdAt', 'createdBy', 'modifiedAt', 'modifiedBy', 'notes'] as const;
export type UserFilterField = (typeof userFilterFields)[number];

/**
 * How a value is compared. Those with `n` are the exact opposites of the others, and so true of a user without a value.
 * `any`, `nany` and `all` take several values, separated by commas. Text is compared with its case, and ordered by bytes.
 */
export const userFilterOperators = ['eq', 'neq', 'contains', 'ncontains', 'starts', 'nstarts', 'ends', 'nends', 'any', 'nany', 'all', 'gt', 'gte', 'lt', 'lte'] as const;
export type UserFilterOperator = (typeof userFilterOperators)[number];

const filterBase = { operator: z.enum(userFilterOperators), value: storableText.max(2_048) };

/** Of roles, `eq` and the text operators are true when they are of one of them. Of an attribute, what reads as a number is equal to and in order with numbers, and other text in order with text. */
export const userFilter = z.union([
  z.object({ field: z.enum(userFilterFields), ...filterBase }),
  z.object({ attribute: storableText.min(1).max(256), ...filterBase }),
]);
export type UserFilter = z.output<typeof userFilter>;

export const mostUserFilters = 20;

/** Which users are meant: all conditions hold. */
export const userConditions = z.object({
  /** Exactly this one. */
  userName: storableText.max(320).optional(),
  /** Anywhere in the names, the email or the user name, in any case. */
  search: storableText.max(256).optional(),
  /** Who holds it in the project. */
  role: storableText.max(256).optional(),
  filters: z.array(userFilter).max(mostUserFilters).default([]),
});
export type UserConditions = z.output<typeof userConditions>;

/** More make a message too large. */
export const mostListedStaff = 40_000;

/** Staff who are listed with the project's own users, and their roles in it. */
export const listedStaff = z.array(z.object({ userId: id, roles: z.array(z.string()) })).max(mostListedStaff);

export const userSortFields = [...userFilterFields, 'name'] as const;
export type UserSortField = (typeof userSortFields)[number];

/** Rows that a page may lie behind the first one. */
export const farthestOffset = 10_000;
/** So many users may be sorted by what has no index. */
export const mostSortedWithoutIndex = 50_000;

/**
 * A page of a project's users with their number, both of one moment. Ties go by the order of insertion. `sort-too-large`:
 * so many users are not sorted by this field, which has no index; `page-too-far`: beyond `farthestOffset`;
 * `list-too-slow`: the conditions have no index, and the project has too many users to look at each in time.
 */
export const listProjectUsers = defineMessage({
  subject: 'profiles.user.list-of-project',
  request: z.object({
    realmId,
    staff: listedStaff,
    where: userConditions,
    sort: z.object({ field: z.enum(userSortFields), descending: z.boolean() }),
    offset: z.number().int().min(0),
    limit: z.number().int().min(1).max(100),
  }),
  response: z.object({
    count: z.number().int(),
    /** The page in its order. */
    page: z.array(z.object({ realmId, userId: id })),
    /** As many of its users as fit in an answer, from the first on; the rest is for `readUsers`. */
    users: z.array(profile),
  }),
  errors: ['invalid-filter', 'sort-too-large', 'page-too-far', 'list-too-slow'],
  deadlineMs: 15_000,
});

/** How many users the conditions are true of: the `count` of the list. */
export const countProjectUsers = defineMessage({
  subject: 'profiles.user.count-of-project',
  request: z.object({ realmId, staff: listedStaff, where: userConditions }),
  response: z.object({ count: z.number().int() }),
  errors: ['invalid-filter', 'list-too-slow'],
  deadlineMs: 15_000,
});

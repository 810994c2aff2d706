import { sql } from '#libs/platform/database';

/**
 * The SQL that lists and searches of users are made of. Each piece has its index on `directory`, which begins with the
 * realm and holds only users who are not hidden: a query says `d.realm_id = $1 AND NOT d.hidden`. Ask for `d.seq` alone, which
 * the index has, and then for the users of the page by `(realm_id, seq)`: so an offset of 10,000 costs some dozens of pages.
 */

/** What a list may be sorted by, as expressions over a row `d` of `directory`; none is ever null. Ties go by `d.seq`, in the same direction. */
export const sortKeys = {
  name: 'd.name_key',
  firstName: 'd.first_name_key',
  lastName: 'd.last_name_key',
  userName: 'user_sort_key(d.user_name)',
  email: 'd.email_key',
  phone: 'd.phone_key',
  createdAt: 'd.created_at',
  isActive: 'd.is_active',
} as const;
export type SortKey = keyof typeof sortKeys;

/** Names, email and user name of a row `d` of `directory` in lower case, one a line: `searchText LIKE lower($2)`, with `containing`. */
export const searchText = `(d.names || E'\\n' || coalesce(lower(d.user_name), ''))`;

/** A pattern for LIKE: texts with this anywhere in them. From three characters on the index finds them; shorter ones are looked for in every row of the realm. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** `$1`: the realm. How many users it has, without counting them. */
export const countUsers = sql('user_counts.get', 'SELECT coalesce(sum(total), 0)::bigint AS count FROM user_counts WHERE realm_id = $1');

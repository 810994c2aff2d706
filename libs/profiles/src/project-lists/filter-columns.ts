import type { profiles } from '#libs/contracts';

/** How a field is compared. */
export type FieldKind = 'text' | 'id' | 'time' | 'boolean' | 'roles';

/** Which row has a column: `d` of `directory`, `u` of `users`, or either of them. */
export type FieldHome = 'd' | 'u' | 'either';

/** Roles are where the source of the rows says. */
export const filterFields: Readonly<Record<profiles.UserFilterField, { kind: FieldKind; column: string; of: FieldHome }>> = {
  id: { kind: 'id', column: 'user_id', of: 'either' },
  firstName: { kind: 'text', column: 'first_name', of: 'u' },
  lastName: { kind: 'text', column: 'last_name', of: 'u' },
  userName: { kind: 'text', column: 'user_name', of: 'd' },
  email: { kind: 'text', column: 'email', of: 'u' },
  phone: { kind: 'text', column: 'phone', of: 'u' },
  roles: { kind: 'roles', column: '', of: 'd' },
  isActive: { kind: 'boolean', column: 'is_active', of: 'd' },
  createdAt: { kind: 'time', column: 'created_at', of: 'either' },
  createdBy: { kind: 'text', column: 'created_by', of: 'u' },
  modifiedAt: { kind: 'time', column: 'modified_at', of: 'u' },
  modifiedBy: { kind: 'text', column: 'modified_by', of: 'u' },
  notes: { kind: 'text', column: 'notes', of: 'u' },
};

export type PositiveOperator = 'eq' | 'contains' | 'starts' | 'ends' | 'any' | 'all' | 'gt' | 'gte' | 'lt' | 'lte';

const opposites: Partial<Record<profiles.UserFilterOperator, PositiveOperator>> = { neq: 'eq', ncontains: 'contains', nstarts: 'starts', nends: 'ends', nany: 'any' };

/** An operator as what it says and whether it says the opposite. */
export function positive(operator: profiles.UserFilterOperator): { operator: PositiveOperator; negated: boolean } {
  const opposite = opposites[operator];
  return opposite === undefined ? { operator: operator as PositiveOperator, negated: false } : { operator: opposite, negated: true };
}

export const orders = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** SQL of an operator on a text. The values are parameters. */
export function compareText(text: string, operator: PositiveOperator, value: string, put: (value: unknown, type: string) => string): string {
  switch (operator) {
    case 'eq':
      return `${text} = ${put(value, 'text')}`;
    case 'contains':
      return `strpos(${text}, ${put(value, 'text')}) > 0`;
    case 'starts':
      return `starts_with(${text}, ${put(value, 'text')})`;
    case 'ends':
      return `right(${text}, ${[...value].length}) = ${put(value, 'text')}`;
    case 'any':
      return `${text} = ANY (${put(value.split(','), 'text[]')})`;
    case 'all':
      return `${text} = ALL (${put(value.split(','), 'text[]')})`;
    default:
      return `${text} COLLATE "C" ${orders[operator]} ${put(value, 'text')}`;
  }
}

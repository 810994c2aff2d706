import type { profiles } from '#libs/contracts';

/** How a field is compared. */
export type FieldKind = 'text' | 'id' | 'time' | 'boolean' | 'roles';

/** Rows `d` of `directory` and `u` of `users`; roles are where the source of the rows says. */
export const filterFields: Readonly<Record<profiles.UserFilterField, { kind: FieldKind; column: string }>> = {
  id: { kind: 'id', column: 'd.user_id' },
  firstName: { kind: 'text', column: 'u.first_name' },
  lastName: { kind: 'text', column: 'u.last_name' },
  userName: { kind: 'text', column: 'd.user_name' },
  email: { kind: 'text', column: 'u.email' },
  phone: { kind: 'text', column: 'u.phone' },
  roles: { kind: 'roles', column: '' },
  isActive: { kind: 'boolean', column: 'd.is_active' },
  createdAt: { kind: 'time', column: 'd.created_at' },
  createdBy: { kind: 'text', column: 'u.created_by' },
  modifiedAt: { kind: 'time', column: 'u.modified_at' },
  modifiedBy: { kind: 'text', column: 'u.modified_by' },
  notes: { kind: 'text', column: 'u.notes' },
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

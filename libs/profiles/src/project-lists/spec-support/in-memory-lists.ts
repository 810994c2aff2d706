import type { profiles, Scalar } from '#libs/contracts';

/** A user as a list knows them. */
export interface ListedUser {
  realmId: string;
  userId: string;
  firstName: string | null;
  lastName: string | null;
  userName: string | null;
  email: string | null;
  phone: string | null;
  roles: string[];
  isActive: boolean;
  createdAt: string;
  createdBy: string;
  modifiedAt: string;
  modifiedBy: string;
  notes: string | null;
  attributes: Record<string, Scalar>;
  readonly id?: never;
}

const bytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
const lower = (text: string) => text.toLowerCase();

/** What the contract says of conditions, said once more without a database. */
export function evaluate(user: ListedUser, { userName, search, role, filters }: profiles.UserConditions): boolean {
  if (userName !== undefined && user.userName !== userName) return false;
  if (role !== undefined && !user.roles.includes(role)) return false;
  if (search !== undefined && search !== '') {
    const whole = [user.firstName, user.lastName].filter((part) => part !== null).join(' ');
    if (![whole, user.email ?? '', user.userName ?? ''].some((text) => lower(text).includes(lower(search)))) return false;
  }
  return filters.every((filter) => holds(user, filter));
}

const opposites: Partial<Record<profiles.UserFilterOperator, profiles.UserFilterOperator>> = { neq: 'eq', ncontains: 'contains', nstarts: 'starts', nends: 'ends', nany: 'any' };

function holds(user: ListedUser, filter: profiles.UserFilter): boolean {
  const opposite = opposites[filter.operator];
  if (opposite !== undefined) return !holds(user, { ...filter, operator: opposite });
  const { operator, value } = filter;
  const values = value.split(',');
  if ('attribute' in filter) return holdsOfAttribute(Object.hasOwn(user.attributes, filter.attribute) ? user.attributes[filter.attribute] : undefined, operator, value);
  if (filter.field === 'roles') {
    if (operator === 'eq') return user.roles.includes(value);
    if (operator === 'any') return values.some((one) => user.roles.includes(one));
    if (operator === 'all') return values.every((one) => user.roles.includes(one));
    return user.roles.some((held) => holdsOfText(held, operator, value));
  }
  const own = filter.field === 'id' ? user.userId : user[filter.field];
  return own !== null && holdsOfText(String(own), operator, value);
}

function holdsOfText(text: string, operator: profiles.UserFilterOperator, value: string): boolean {
  switch (operator) {
    case 'eq':
      return text === value;
    case 'contains':
      return text.includes(value);
    case 'starts':
      return text.startsWith(value);
    case 'ends':
      return text.endsWith(value);
    case 'any':
      return value.split(',').includes(text);
    case 'all':
      return value.split(',').every((one) => one === text);
    case 'gt':
      return bytes(text, value) > 0;
    case 'gte':
      return bytes(text, value) >= 0;
    case 'lt':
      return bytes(text, value) < 0;
    default:
      return bytes(text, value) <= 0;
  }
}

function holdsOfAttribute(own: Scalar | undefined, operator: profiles.UserFilterOperator, value: string): boolean {
  if (own === undefined) return false;
  const number = /^-?\d+(\.\d+)?([eE][+-]?\d{1,2})?$/.test(value) && value.length < 32 ? Number(value) : undefined;
  const equal = (one: string) => (typeof own === 'number' ? one.trim() !== '' && Number(one) === own : String(own) === one);
  switch (operator) {
    case 'eq':
      return equal(value);
    case 'any':
      return value.split(',').some(equal);
    case 'all':
      return value.split(',').every(equal);
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      if (number === undefined) return typeof own === 'string' && holdsOfText(own, operator, value);
      if (typeof own !== 'number') return false;
      return { gt: own > number, gte: own >= number, lt: own < number, lte: own <= number }[operator];
    default:
      return typeof own === 'string' && holdsOfText(own, operator, value);
  }
}

/** As lists sort: without regard to case and accents, the first 64 characters, by bytes. */
function sortKey(user: ListedUser, field: profiles.UserSortField): string {
  const folded = (text: string | null) => [...lower(text ?? '').normalize('NFKD').replace(/[\u0300-\u036f]/g, '')].slice(0, 64).join('');
  switch (field) {
    case 'id':
      return user.userId;
    case 'name':
      return folded([user.firstName, user.lastName].filter((part) => part !== null).join(' '));
    case 'roles':
      return user.roles.join(',');
    case 'isActive':
      return user.isActive ? '1' : '0';
    case 'createdAt':
    case 'modifiedAt':
    case 'createdBy':
    case 'modifiedBy':
      return user[field];
    default:
      return folded(user[field]);
  }
}

/** @param users in the order of insertion, by which ties go */
export function sortedBy(users: readonly ListedUser[], field: profiles.UserSortField, descending: boolean): ListedUser[] {
  const ordered = users.map((user, place) => ({ user, place, key: sortKey(user, field) })).sort((one, other) => bytes(one.key, other.key) || one.place - other.place);
  return (descending ? ordered.reverse() : ordered).map(({ user }) => user);
}

import { z } from 'zod';
import { profiles, storableText } from '#libs/contracts';
import { platformErrors, type FailureDetail } from '#libs/platform/errors';
import { wholeNumberMeta } from '../../http/whole-number.js';

/** What this surface calls the fields of a user, and what the profiles service does. */
const fields: ReadonlyMap<string, profiles.UserFilterField> = new Map(
  profiles.userFilterFields.map((field) => [field === 'userName' ? 'username' : field === 'phone' ? 'mobilePhone' : field, field]),
);
const fieldNames = [...fields.keys()].join(', ');
const resolvable = ['media', 'mediagallery', 'references'] as const;

/** A parameter that is given once. */
const once = (schema: z.ZodString) => z.preprocess((value) => (Array.isArray(value) ? value.join(',') : value), schema.optional());
const wholeNumber = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((number) => number >= least && number <= most, `must be a whole number from ${least} to ${most}`)
    .default(otherwise)
    .meta(wholeNumberMeta(least, most, otherwise));

export const resolveQuery = z.object({
  resolve: once(storableText).describe(`Comma-separated: ${resolvable.join(', ')}. references answers the users that attributes of the type user name; there are no media`),
});

export const conditionsQuery = z.looseObject({
  username: once(storableText.max(320)).describe('Exactly this user name'),
  search: once(storableText.max(256)).describe('Anywhere in the names, the user name or the email, in any case'),
  roleId: once(storableText.max(256)).describe('Who holds this role in the project'),
});

export const listQuery = conditionsQuery.extend({
  ...resolveQuery.shape,
  page: wholeNumber(1, 999_999_999, 1),
  size: wholeNumber(1, 100, 25),
  sort: once(storableText).describe('`field`, `field|asc` or `field|desc`; the default is createdAt|desc'),
});

/** Filters as `filter[createdAt][gt]=2024-01-01`, as many as there are. */
export function conditionsOf(query: z.output<typeof conditionsQuery>): profiles.UserConditions {
  const details: FailureDetail[] = [];
  const filters = Object.entries(query)
    .filter(([key]) => key.startsWith('filter'))
    .flatMap(([key, given]) => (Array.isArray(given) ? given : [given]).flatMap((value) => filterOf(key, value, details)));
  if (filters.length > profiles.mostUserFilters) details.push({ path: 'filter', message: `may be given ${profiles.mostUserFilters} times at the most` });
  if (details.length > 0) throw invalid(details);
  return { userName: query.username, search: query.search, role: query.roleId, filters };
}

export function sortOf(sort: string | undefined): { field: profiles.UserSortField; descending: boolean } {
  if (sort === undefined || sort === '') return { field: 'createdAt', descending: true };
  const [name, direction, ...more] = sort.split('|');
  const field = fields.get(name ?? '');
  if (field === undefined) throw invalid([{ path: 'sort', message: `must be one of ${fieldNames}` }]);
  if (more.length > 0 || (direction !== undefined && direction !== 'asc' && direction !== 'desc')) throw invalid([{ path: 'sort', message: 'must end in |asc or |desc, or in neither' }]);
  return { field, descending: direction === 'desc' };
}

/** @returns whether references are to be resolved */
export function resolvesReferences(resolve: string | undefined): boolean {
  const asked = (resolve ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '');
  if (!asked.every((one) => (resolvable as readonly string[]).includes(one))) throw invalid([{ path: 'resolve', message: `must be some of ${resolvable.join(', ')}, separated by commas` }]);
  return asked.includes('references');
}

function filterOf(key: string, value: unknown, details: FailureDetail[]): profiles.UserFilter[] {
  const [, name, operator] = /^filter\[([^\]]+)\]\[([a-z]+)\]$/.exec(key) ?? [];
  const refuse = (message: string) => {
    details.push({ path: key.slice(0, 200), message });
    return [];
  };
  if (name === undefined || operator === undefined) return refuse('must have the form filter[field][operator]');
  const attribute = name.startsWith('attributes.') ? name.slice('attributes.'.length) : undefined;
  const field = fields.get(name);
  if (field === undefined && attribute === undefined) return refuse(`is about no field: use attributes.NAME or one of ${fieldNames}`);
  if (!(profiles.userFilterOperators as readonly string[]).includes(operator)) return refuse(`has no operator: use one of ${profiles.userFilterOperators.join(', ')}`);
  const filter = profiles.userFilter.safeParse({ ...(attribute === undefined ? { field } : { attribute }), operator, value });
  return filter.success ? [filter.data] : refuse('has a value or a name that is too long, or can’t be kept');
}

function invalid(details: FailureDetail[]) {
  return platformErrors.failure('invalid-request', `${details[0]!.path}: ${details[0]!.message}.`, { details });
}

import { membership } from '#libs/contracts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether the text has the form of an id: addresses take a slug or an id in one place, so a slug must never look like one. */
export function isId(text: string): boolean {
  return uuid.test(text.toLowerCase());
}

/** @throws Failure `slug-reserved` */
export function refuseReservedSlug(slug: string): void {
  if (membership.reservedSlugs.has(slug) || isId(slug)) {
    throw membership.membershipErrors.failure('slug-reserved', 'This slug has a meaning of its own in addresses.', { details: [{ path: 'slug', message: 'is reserved' }] });
  }
}

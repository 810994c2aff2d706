/** Sizes that keep one user's data from becoming everybody's trouble. Bytes are those of the JSON text in UTF-8. */
export const profileLimits = {
  attributesBytes: 64 * 1024,
  attributeKeys: 1_000,
  attributeValueBytes: 8 * 1024,
  eventBytes: 32 * 1024,
  preferencesBytes: 16 * 1024,
  devices: 5,
  /** Of a first and of a last name. */
  namePartCharacters: 256,
} as const;

/** Names of standard fields and activity fields: they can't be keys of the attribute bag. */
export const reservedAttributeNames: ReadonlySet<string> = new Set([
  'id', 'external_id', 'name', 'email', 'phone', 'city', 'country', 'region', 'timezone', 'first_seen_at', 'last_seen_at',
  'last_browser', 'last_android_device', 'last_ios_device', ...['browser', 'android', 'ios'].flatMap((platform) => [`last_${platform}_seen_at`, `last_${platform}_sdk_version`]),
]);

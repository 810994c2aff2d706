import { isFailure, platformErrors } from '#libs/platform/errors';

/** What the profile calls one thing and this surface another. */
const fieldNames: Readonly<Record<string, string>> = { attributes: 'meta', firstName: 'first_name', lastName: 'last_name', phone: 'number', createdAt: 'created_at', device: 'device_token', isAccount: 'is_account', externalId: 'id' };

const named = ['invalid-profile', 'invalid-event', 'uid-mismatch', 'account-not-found', 'account-is-user'];

/** Says what profiles refuses in the words of this surface; the first mistake is in the sentence, because clients show that. */
export function inTheseWords(error: unknown): never {
  if (!isFailure(error) || !named.includes(error.value.code)) throw error;
  const details = error.value.details?.map(({ path, message }) => ({ path: wordFor(path), message }));
  const [first] = details ?? [];
  throw platformErrors.failure('invalid-request', first === undefined ? error.value.message : `${first.path === '' ? 'The request' : first.path}: ${first.message}.`, { details });
}

function wordFor(path: string): string {
  return path.replace(/^device\.token$/, 'device').replace(/^\w+/, (root) => fieldNames[root] ?? root);
}

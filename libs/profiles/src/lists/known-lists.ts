import { profiles } from '#libs/contracts';
import { mistakesSentence, type Failure } from '#libs/platform/errors';
import type { ListKey } from './subscriptions.repository.js';

/** What a write does to lists. */
interface ListWrite {
  realmId: string;
  patch: Pick<profiles.ProfilePatch, 'lists'>;
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Lists that a group of writes subscribes to, and that are there. */
export class KnownLists {
  private readonly known: ReadonlySet<string>;

  constructor(lists: readonly ListKey[]) {
    this.known = new Set(lists.map(keyOf));
  }

  /** @returns why the write can't be made: `invalid-profile` with every list at fault */
  refuse({ realmId, patch: { lists = [] } }: ListWrite): Failure | undefined {
    const details = lists.flatMap((listId, place) => (this.known.has(keyOf({ realmId, listId })) ? [] : [{ path: `lists[${place}]`, message: 'is not a list of this project' }]));
    if (details.length === 0) return undefined;
    return profiles.profilesErrors.failure('invalid-profile', mistakesSentence(details, 'The profile'), { details });
  }
}

/** The lists that the writes name; what can't be the id of a list is none. */
export function listsTouched(writes: readonly ListWrite[]): ListKey[] {
  const touched = new Map<string, ListKey>();
  for (const { realmId, patch } of writes) {
    for (const listId of patch.lists ?? []) if (uuid.test(listId)) touched.set(keyOf({ realmId, listId }), { realmId, listId });
  }
  return [...touched.values()];
}

function keyOf({ realmId, listId }: ListKey): string {
  return `${realmId} ${listId.toLowerCase()}`;
}

import { GroupCommit, nextTurn } from './group-commit.js';

/**
 * Looks up at once what is asked for in one turn of the event loop, or while others are looked up: of many events that arrive together each would else
 * have a round trip of its own.
 * @param look answers one value a key, in their order
 * @param atOnce keys of one look
 */
export function askedTogether<Key, Value>(look: (keys: readonly Key[]) => Promise<readonly Value[]>, atOnce = 250): (key: Key) => Promise<Value> {
  const asked = new GroupCommit<Key, Value>(async (keys) => (await look(keys)).map((answer) => ({ answer })), { items: atOnce, gather: nextTurn });
  return (key) => asked.submit(key);
}

import { currentSpan, tracedTogether, type Span } from '#libs/platform/tracing';
import { nextTurn } from './group-commit.js';

/**
 * Reads once what several ask for at the same time: whoever asks for something that is being read shares the next read of it with all who ask meanwhile, so that nobody
 * is told of a time before they asked. Reads of different keys don't wait for each other.
 * @param read its value goes to all who share it: they must leave it as it is
 */
export function sharedRead<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const toCome = new Map<string, { value: Promise<Value>; askers: (Span | undefined)[] }>();
  const underWay = new Map<string, Promise<unknown>>();

  async function readNext(key: string, askers: readonly (Span | undefined)[]): Promise<Value> {
    await (underWay.get(key) ?? nextTurn());
    toCome.delete(key);
    const value = tracedTogether('group', askers, () => read(key));
    const ended = value.then(() => undefined, () => undefined);
    underWay.set(key, ended);
    try {
      return await value;
    } finally {
      if (underWay.get(key) === ended) underWay.delete(key);
    }
  }

  return (key) => {
    let shared = toCome.get(key);
    if (shared === undefined) {
      const askers: (Span | undefined)[] = [];
      toCome.set(key, (shared = { value: readNext(key, askers), askers }));
    }
    shared.askers.push(currentSpan());
    return shared.value;
  };
}

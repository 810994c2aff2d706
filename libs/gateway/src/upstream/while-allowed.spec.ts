import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { platformErrors } from '#libs/platform/errors';
import { httpErrors } from '../http/http-errors.js';
import { whileAllowed } from './while-allowed.js';

async function* pages() {
  yield* ['one', 'two', 'three'];
}
async function readAll(allowed: () => Promise<void>) {
  const read: string[] = [];
  const end = await (async () => {
    for await (const page of whileAllowed(pages(), allowed)) read.push(page);
    return 'whole';
  })().catch((error: Error) => error.message);
  return { read, end };
}

describe('pages of a reader who must be allowed to have them', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('all come while they are', async () => {
    expect(await readAll(async () => undefined)).toEqual({ read: ['one', 'two', 'three'], end: 'whole' });
  });

  it.each([1, 2, 3])('break off after page %s when they no longer are, also where it was the last', async (last) => {
    let asked = 0;
    const { read, end } = await readAll(async () => {
      if ((asked += 1) === last) throw httpErrors.failure('credentials-invalid', 'Revoked.');
    });
    expect([read.length, end]).toEqual([last, 'credentials-invalid: Revoked.']);
  });

  it('wait where it can’t be known for a while', async () => {
    jest.useFakeTimers({ advanceTimers: 100 });
    let away = 3;
    const { end } = await readAll(async () => {
      if ((away -= 1) > 0) throw platformErrors.failure('service-unavailable', 'Nobody answers.');
    });
    expect([end, away]).toEqual(['whole', -2]);
  });
});

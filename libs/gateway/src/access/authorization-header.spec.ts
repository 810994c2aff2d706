import { describe, expect, it } from '@jest/globals';
import { basicCredentials, bearerToken } from './authorization-header.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the Authorization header', () => {
  it.each([
    [basic('key:secret'), { user: 'key', password: 'secret' }],
    [basic('key:'), { user: 'key', password: '' }],
    [basic('key'), { user: 'key', password: '' }],
    [basic('key:a:b'), { user: 'key', password: 'a:b' }],
    ['Basic', undefined],
    ['Basic !!!', undefined],
    ['Bearer abc', undefined],
    [undefined, undefined],
  ])('reads %s', (header, expected) => {
    expect(basicCredentials(header)).toEqual(expected);
  });

  it('reads a bearer token whatever the case of its scheme, and nothing else', () => {
    expect([bearerToken('bearer a.b-c_d'), bearerToken('Bearer'), bearerToken('Bearer a b'), bearerToken(basic('x')), bearerToken(undefined)]).toEqual(['a.b-c_d', undefined, undefined, undefined, undefined]);
  });
});

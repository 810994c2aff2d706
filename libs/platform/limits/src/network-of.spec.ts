import { describe, expect, it } from '@jest/globals';
import { networkOf } from './network-of.js';

describe('what counts as one sender', () => {
  it.each([
    ['9.9.9.7', '9.9.9.7'],
    ['9.9.9.7:4000', '9.9.9.7'],
    ['::ffff:9.9.9.7', '9.9.9.7'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2'],
    ['2001:db8:1:2::bbbb', '2001:db8:1:2'],
    ['[2001:db8:1:2::bbbb]:443', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['not an address', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

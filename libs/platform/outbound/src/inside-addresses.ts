import { BlockList, isIP } from 'node:net';

/** Networks that are not the public internet (IANA special-purpose registries): this host, private networks, link-local with the clouds' metadata services, … */
const inside = new BlockList();
const subnets: [string, number, 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'], // the unspecified one, this host, and IPv4-compatible ones
  ['::ffff:0:0:0', 96, 'ipv6'], // IPv4-translated (RFC 2765): any IPv4 address may be behind it
  ['64:ff9b::', 96, 'ipv6'], // NAT64: any IPv4 address may be behind it
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'], // 6to4: the same
  ['3fff::', 20, 'ipv6'],
  ['5f00::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
for (const [network, bits, family] of subnets) inside.addSubnet(network, bits, family);

/**
 * Whether an IP address is of this host or of a network that the internet does not reach. What is no IP address counts as
 * inside. IPv4 addresses that are written as IPv6 ones (`::ffff:10.0.0.1`) are judged as what they are.
 */
export function isInside(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(bare);
  if (mapped !== null) return isInside(mapped[1] ?? ipv4Of(mapped[2]!, mapped[3]!));
  const family = isIP(bare);
  return family === 0 || inside.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

function ipv4Of(high: string, low: string): string {
  const number = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

import { randomInt } from 'node:crypto';

// Without what is easily mistaken for something else: 0 o, 1 l i.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password that can be read out and typed: five groups of five, `k7mqp-x3tfd-…`, 29 characters, 123 bits. */
export function readablePassword(): string {
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return Array.from({ length: 5 }, group).join('-');
}

import { describe, expect, it } from '@jest/globals';
import { parseRule } from './parse-rule.js';
import { changedFacts, isTouched } from './rule.js';

describe('a change of a user', () => {
  const rule = parseRule({ $or: [{ 'attributes.plan': 'pro', name: 'Ada' }, { $not: { events: { $count: { event: 'Paid' }, $gte: 1 } } }] });

  it.each<[facts: string[], touches: boolean]>([
    [['attributes.plan'], true],
    [['lists', 'lastName'], true],
    [['events'], true],
    [['attributes.plans', 'email', 'preferences', 'devices'], false],
    [['attributes.events'], false],
    [['something new'], true],
    [[], false],
  ])('of %j touches a rule that asks for it or might (%s), and no other', (facts, touches) => {
    expect(isTouched(rule, changedFacts(facts))).toBe(touches);
  });

  it('touches every rule when it is not known what changed', () => {
    expect(isTouched(parseRule({ city: 'Rome' }), 'anything')).toBe(true);
  });

  it('by an event touches rules about when a user was seen', () => {
    expect(isTouched(parseRule({ last_seen_at: { $gt: '2026-01-01' } }), changedFacts(['events']))).toBe(true);
  });
});

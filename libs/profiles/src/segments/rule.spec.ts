import { describe, expect, it } from '@jest/globals';
import { parseRule, parseStoredRule } from './parse-rule.js';
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

describe('a rule of a segment', () => {
  it('from a time when days that do not exist were moved goes on to mean what it did', () => {
    const rule = { created_at: { $gt: '2024-02-30' } };
    expect(() => parseRule(rule)).toThrow('rule.created_at.$gt: must be a date');
    expect(parseStoredRule(rule)).toEqual(parseRule({ created_at: { $gt: '2024-03-01' } }));
  });
});

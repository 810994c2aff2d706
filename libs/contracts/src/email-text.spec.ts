import { describe, expect, it } from '@jest/globals';
import { emailOrNone, emailText, mailedEmail } from './email-text.js';

describe('emails in requests', () => {
  it.each(['ada@example.com', 'ünal@example.com', '用户@例え.jp', "o'neil+tag@sub.example.co.uk", 'a@b', `${'x'.repeat(308)}@example.com`])('%s is one, wherever it is sent', (text) => {
    for (const rule of [emailText, emailOrNone, mailedEmail]) expect(rule.parse(text)).toBe(text);
  });

  it.each(['ada', '@example.com', 'ada@', 'a da@example.com', 'ada@exam\nple.com', 'ada@bob@example.com', `${'x'.repeat(309)}@example.com`])('%j is none, wherever it is sent', (text) => {
    for (const rule of [emailText, emailOrNone, mailedEmail]) expect(rule.safeParse(text).success).toBe(false);
  });

  it('may be empty only where that says that there is none', () => {
    expect([emailText, emailOrNone, mailedEmail].map((rule) => rule.safeParse('').success)).toEqual([false, true, false]);
  });

  it.each(['a\u0000@example.com', 'a\u200b@example.com', 'a\u202e@example.com', 'a\ud800@example.com'])('%j is written no mail', (text) => {
    expect(mailedEmail.safeParse(text).error?.issues.map(({ message }) => message)).toEqual(['must be an email address']);
  });
});

import { describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import { encodeMail } from './encode-mail.js';

const mail = { from: { name: 'Ada’s "Café", <Inc>', address: 'no-reply@rollcall.example' }, to: 'ada@example.com', subject: 'Grüße aus 東京 '.repeat(20).trim(), messageId: '<1@rollcall.example>', headers: { 'Auto-Submitted': 'auto-generated' } };

describe('a mail on the wire', () => {
  it('says what was given, whatever characters and lines it has', async () => {
    const text = ['Grüße, 東京 =20 = ', '.', 'From here', `http://x/${'a'.repeat(200)}?token=t`, '\ttabs and spaces at the end \t', '-- ', 'Ada'].join('\n');
    const html = `<p title="ä=&quot;">\n${'東'.repeat(300)}</p>\r\n`;
    const read = await PostalMime.parse(encodeMail({ ...mail, text, html }));
    expect(read).toMatchObject({ from: mail.from, to: [{ address: mail.to }], subject: mail.subject, messageId: mail.messageId });
    expect(read.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }));
    expect(read.text?.replace(/\n$/, '')).toBe(text);
    expect(read.html?.trimEnd()).toBe(html.trimEnd().replace(/\r\n/g, '\n'));
  });

  it('has short lines of ASCII that end alike', () => {
    const wire = encodeMail({ ...mail, text: `a\nb\r\nc${'d'.repeat(1_000)}`, html: '東'.repeat(1_000) }).toString('latin1');
    for (const line of wire.split('\r\n')) expect(line).toMatch(/^[\t\x20-\x7e]{0,78}$/);
  });

  it('has no header that somebody wrote into another', () => {
    const wire = encodeMail({ ...mail, subject: 'Hello\r\nBcc: all@example.com', text: '', html: '' }).toString();
    expect(wire).not.toMatch(/^Bcc:/m);
  });
});

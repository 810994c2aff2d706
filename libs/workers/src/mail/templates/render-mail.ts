import type { MailText } from './mail-text.js';

const sans = `font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;

/**
 * The HTML of a mail: tables and inline styles, which is what mail programs of all ages show alike. It loads nothing from
 * anywhere, so that opening it tells nobody.
 */
export function renderHtml({ subject, preview, heading, paragraphs, action, remarks }: MailText, sender: string): string {
  const body = [
    `<h1 style="margin:0 0 16px;${sans};font-size:22px;line-height:30px;font-weight:600;color:#16181d">${escapeHtml(heading)}</h1>`,
    ...paragraphs.map((text) => `<p style="margin:0 0 16px;${sans};font-size:16px;line-height:24px;color:#33373f">${escapeHtml(text)}</p>`),
    ...(action === undefined ? [] : button(action)),
    ...remarks.map((text) => `<p style="margin:0 0 8px;${sans};font-size:14px;line-height:20px;color:#5b606b">${escapeHtml(text)}</p>`),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:0;background:#f2f3f5">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f2f3f5">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;background:#ffffff;border-radius:8px">
<tr><td style="padding:24px 32px 0;${sans};font-size:14px;line-height:20px;font-weight:600;color:#5b606b">${escapeHtml(sender)}</td></tr>
<tr><td style="padding:20px 32px 28px">
${body.join('\n')}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

/** The same as plain text. */
export function renderText({ heading, paragraphs, action, remarks }: MailText, sender: string): string {
  const parts = [heading, ...paragraphs, ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]), ...remarks, `-- \n${sender}`];
  return `${parts.join('\n\n')}\n`;
}

function button({ label, url }: { label: string; url: string }): string[] {
  const href = escapeHtml(url);
  return [
    `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 20px"><tr><td align="center" bgcolor="#1f4fd8" style="border-radius:6px"><a href="${href}" style="display:inline-block;padding:12px 24px;${sans};font-size:16px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none">${escapeHtml(label)}</a></td></tr></table>`,
    `<p style="margin:0 0 16px;${sans};font-size:14px;line-height:20px;color:#5b606b">Or copy this address into your browser:<br><a href="${href}" style="color:#1f4fd8;word-break:break-all">${href}</a></p>`,
  ];
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

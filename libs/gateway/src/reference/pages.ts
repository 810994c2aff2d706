import { STATUS_CODES } from 'node:http';
import { statusOf } from '../http/dialect.js';
import { errorCodes, errorKinds, type ErrorCode } from '../http/error-codes.js';
import { errorTexts } from './error-texts.js';

const style = 'body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;color:#1c1c1e;background:#fff}code{background:#eef;padding:.1em .3em;border-radius:3px}dt{margin-top:1em}a{color:#0645ad}@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#16161a}code{background:#2a2a3a}a{color:#8ab4f8}}';

/** What a page may load: nothing but what the gateway itself serves. Scalar puts its styles into the page. */
export const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page that renders the documents. */
export const referencePage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Rollcall: API reference</title></head>
<body><noscript>The API reference needs JavaScript; <a href="/openapi.json">the OpenAPI document</a> does not.</noscript><div id="reference"></div><script src="/docs/scalar.js"></script><script src="/docs/start.js"></script></body>
</html>
`;

/** Starts it. A file of its own, because the page may run no script that is written into it. */
export function startScript(documents: readonly { title: string; slug: string; url: string }[]): string {
  const options = {
    sources: documents.map(({ title, slug, url }, index) => ({ title, slug, url, default: index === 0 })),
    // Nothing leaves for anywhere else: no fonts, no proxy, no telemetry, no assistants.
    withDefaultFonts: false,
    telemetry: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
    documentDownloadType: 'direct',
    persistAuth: false,
  };
  return `Scalar.createApiReference('#reference', ${JSON.stringify(options)});\n`;
}

/** The page that a problem's `type` leads to. */
export function errorPage(code: ErrorCode): string {
  const status = statusOf(errorKinds[code]);
  return page(code, `<h1><code>${code}</code></h1><p>Status ${status} ${STATUS_CODES[status] ?? ''}</p><p>${inline(errorTexts[code])}</p><p><a href="/docs/errors">All error codes</a> · <a href="/docs">API reference</a></p>`);
}

export function errorList(): string {
  const entries = errorCodes.map((code) => `<dt id="${code}"><a href="/docs/errors/${code}"><code>${code}</code></a> (${statusOf(errorKinds[code])})</dt><dd>${inline(errorTexts[code])}</dd>`);
  return page('Error codes', `<h1>Error codes</h1><p>Surfaces A, C and D say in <code>code</code> what went wrong. <a href="/docs">API reference</a></p><dl>${entries.join('')}</dl>`);
}

function page(title: string, content: string): string {
  return `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} – Rollcall</title><style>${style}</style></head>\n<body>${content}</body>\n</html>\n`;
}

/** Our own texts, in which backticks stand for code. */
function inline(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replace(/`([^`]+)`/g, '<code>$1</code>');
}

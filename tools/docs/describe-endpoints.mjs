import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checkout.mjs';

const begin = '<!-- endpoints:begin -->';
const end = '<!-- endpoints:end -->';

/** The surfaces in the order in which they are told, and who calls them with what. */
const surfaces = {
  environment: ['A. Environment', 'Your backend, with a Bearer token of `POST /oauth2/token`; end users below `/users/me`, with a token that your application signed ([guide](guides/end-user-tokens.md)).'],
  oauth: ['A. Tokens', 'API clients.'],
  engagement: ['B. Engagement', 'Your app, with HTTP Basic: the key alone, or with its secret. `/v1` may be left out.'],
  project: ['C. Project', 'Users and administrators of a project, with a Bearer token or an API key. `:project` is a slug or an id.'],
  admin: ['D. Admin', 'Staff, with a Bearer token; API keys, in `X-API-Key` ([guide](guides/api-clients-and-keys.md)).'],
  deployment: ['Deployment', 'Operators, and verifiers of tokens.'],
};

/**
 * Every endpoint that the gateway declares. By the text of the definitions, because importing them takes the whole gateway.
 *
 * @returns {{ surface: string, method: string, path: string, summary: string }[]} in the order of files and lines
 */
export function readEndpoints() {
  const gateway = join(root, 'libs/gateway/src');
  const files = readdirSync(gateway, { recursive: true }).filter((file) => file.endsWith('.routes.ts')).sort();
  return files.flatMap((file) => definitionsIn(readFileSync(join(gateway, file), 'utf8')).flatMap((definition) => endpointsOf(definition, file)));
}

function definitionsIn(text) {
  return [...text.matchAll(/= route\(\{([^]*?)\n\}\);/g)].map(([, definition]) => definition);
}

function endpointsOf(definition, file) {
  const value = (name) => new RegExp(`\\n  ${name}: (?:'((?:[^'\\\\]|\\\\.)*)'|(\\[[^\\]]*\\]))`).exec(definition);
  const [surface, method, path, summary] = ['surface', 'method', 'path', 'summary'].map(value);
  if (!surface || !method || !path || !summary) throw new Error(`${file} has a route whose surface, method, path and summary are not texts on lines of their own.`);
  const paths = path[1] === undefined ? [...path[2].matchAll(/'([^']+)'/g)].map(([, one]) => one) : [path[1]];
  return paths.map((one) => ({ surface: surface[1], method: method[1], path: one, summary: summary[1].replaceAll("\\'", "'") }));
}

/** Markdown: a table for each surface. Paths that lead to the same are one row. */
export function endpointTables(endpoints) {
  for (const { surface } of endpoints) if (!Object.hasOwn(surfaces, surface)) throw new Error(`The surface ${surface} has no words in tools/docs/describe-endpoints.mjs.`);
  return Object.entries(surfaces)
    .map(([surface, [title, callers]]) => {
      const rows = new Map();
      for (const { method, path, summary } of endpoints.filter((endpoint) => endpoint.surface === surface)) {
        const key = `${method} ${summary}`;
        rows.set(key, { summary, calls: [...(rows.get(key)?.calls ?? []), `\`${method} ${path}\``] });
      }
      const lines = [...rows.values()].map(({ calls, summary }) => `| ${calls.join('<br>')} | ${summary.replaceAll('|', '\\|')} |`);
      return lines.length === 0 ? undefined : `## ${title}\n\n${callers}\n\n| endpoint | what it does |\n| --- | --- |\n${lines.join('\n')}`;
    })
    .filter((section) => section !== undefined)
    .join('\n\n');
}

/** The text with the tables between its marks. */
export function withEndpoints(text, tables) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`The file has no ${begin} … ${end}.`);
  return `${text.slice(0, from + begin.length)}\n\n${tables}\n\n${text.slice(to)}`;
}

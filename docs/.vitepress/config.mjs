import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { slugOf } from '../../tools/docs/slug.mjs';

const docs = dirname(dirname(fileURLToPath(import.meta.url)));

/** The sidebar is what README.md here says: its headings, and the links below each. */
function sidebar() {
  const [, ...sections] = readFileSync(join(docs, 'README.md'), 'utf8').split(/^## /m);
  return sections.map((section) => ({
    text: section.slice(0, section.indexOf('\n')),
    collapsed: section.startsWith('Decisions'),
    items: [...section.matchAll(/\[([^\]]+)\]\((?!\.\.|https?:)([^)#]+)\.md\)(?: \| ([^|\n]+) \|)?/g)].map(([, text, link, title]) => ({ text: title ?? text.charAt(0).toUpperCase() + text.slice(1), link: `/${link}` })),
  }));
}

/** Where files of the repository are shown that are no page of the site; without it they are named and lead nowhere. */
const repository = process.env.REPOSITORY_URL;

export default defineConfig({
  title: 'Rollcall',
  description: 'A self-hosted user platform: identity, profiles and membership behind one gateway',
  cleanUrls: true,
  rewrites: { 'README.md': 'index.md' },
  srcExclude: ['**/node_modules/**'],
  markdown: {
    anchor: { slugify: slugOf },
    config(md) {
      // What links to files beside docs/ leads to the repository.
      const plain = md.renderer.rules.link_open ?? ((tokens, index, options, _env, self) => self.renderToken(tokens, index, options));
      md.renderer.rules.link_open = (tokens, index, options, env, self) => {
        const href = tokens[index].attrGet('href') ?? '';
        const target = /^\.\.?\//.test(href) ? join(dirname(env.path), href) : undefined;
        if (target !== undefined && !target.startsWith(`${docs}/`)) {
          if (repository === undefined) tokens[index].attrs = [];
          else tokens[index].attrSet('href', `${repository}/${target.slice(dirname(docs).length + 1)}`);
        }
        return plain(tokens, index, options, env, self);
      };
    },
  },
  themeConfig: {
    sidebar: [{ text: 'Concepts', link: '/concepts' }, ...sidebar()],
    nav: [{ text: 'Concepts', link: '/concepts' }, { text: 'Client library', link: '/guides/client-library' }, { text: 'Endpoints', link: '/endpoints' }],
    search: { provider: 'local' },
    outline: 'deep',
  },
});

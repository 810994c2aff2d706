import { basename } from 'node:path';
import { inCheckout, projectRootOf } from './project-root.mjs';

/** A project has one public face, `src/index.ts`; an index further inside only hides where a thing lives. */
export const oneIndex = {
  meta: { type: 'suggestion', schema: [], messages: { inner: 'An index file inside a project: name the file for what it holds, and let importers name that file.' } },
  create(context) {
    const file = inCheckout(context.filename);
    if (!/^index\.[cm]?[jt]sx?$/.test(basename(file)) || file === `${projectRootOf(file)}/src/index.ts`) return {};
    return { Program: (node) => context.report({ node, messageId: 'inner' }) };
  },
};

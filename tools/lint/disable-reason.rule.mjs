// A suppression of everything suppresses this rule too, from where it stands on; above the first line it can't.
const aboveTheFile = { line: 0, column: 0 };

/** Whoever meets a suppression must be able to tell whether it is still needed: `// eslint-disable-next-line rule -- why`, or oxlint's likewise. */
export const disableReason = {
  meta: { type: 'suggestion', schema: [], messages: { unnamed: 'Line {{line}}: name the rule that is suppressed.', unexplained: 'Line {{line}}: say after " -- " why the rule is suppressed here.' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const directive = /^\s*(?:eslint|oxlint)-disable(?:-next-line|-line)?(?=\s|$)([^]*)$/.exec(comment.value);
          if (directive === null) continue;
          const [rules, ...reason] = directive[1].split(/\s-{2,}\s/).map((part) => part.trim());
          const { line } = comment.loc.start;
          if (rules === '') context.report({ loc: aboveTheFile, messageId: 'unnamed', data: { line } });
          else if (reason.join('') === '') context.report({ loc: aboveTheFile, messageId: 'unexplained', data: { line } });
        }
      },
    };
  },
};

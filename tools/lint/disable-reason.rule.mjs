/** Whoever meets a suppression must be able to tell whether it is still needed: `// eslint-disable-next-line rule -- why`. */
export const disableReason = {
  meta: { type: 'suggestion', schema: [], messages: { unnamed: 'Name the rule that is suppressed.', unexplained: 'Say after " -- " why the rule is suppressed here.' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const [, rules, reason] = /^\s*eslint-disable(?:-next-line|-line)?(?=\s|$)\s*(.*?)(?:\s--\s+(\S[^]*))?$/.exec(comment.value) ?? [];
          if (rules === undefined) continue;
          if (rules === '') context.report({ loc: comment.loc, messageId: 'unnamed' });
          else if (reason === undefined) context.report({ loc: comment.loc, messageId: 'unexplained' });
        }
      },
    };
  },
};

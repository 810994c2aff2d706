/**
 * Nest finds what a constructor wants by the class that the compiler notes down. An `import type` is gone by then:
 * the file compiles, and the application does not start.
 */
export const injectedValues = {
  meta: { type: 'problem', schema: [], messages: { erased: '{{name}} is injected by its class: import it as a value, not with "import type".' } },
  create(context) {
    const typeImports = new Set();
    return {
      ImportDeclaration(node) {
        for (const specifier of node.specifiers) {
          if (node.importKind === 'type' || specifier.importKind === 'type') typeImports.add(specifier.local.name);
        }
      },
      "MethodDefinition[kind='constructor']"(node) {
        if (!node.parent.parent.decorators.some(isMadeByNest)) return;
        for (const parameter of node.value.params) {
          if (parameter.decorators.length > 0) continue; // @Inject names the token itself
          const declared = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
          const type = declared.typeAnnotation?.typeAnnotation;
          const name = type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName.name : undefined;
          if (typeImports.has(name)) context.report({ node: parameter, messageId: 'erased', data: { name } });
        }
      },
    };
  },
};

/** Not `@Catch` and the like: those classes are made with `new` here. */
function isMadeByNest({ expression }) {
  return expression.type === 'CallExpression' && ['Injectable', 'Controller', 'Module'].includes(expression.callee.name);
}

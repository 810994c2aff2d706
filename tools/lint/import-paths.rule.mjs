import { posix } from 'node:path';
import { inCheckout, isProject, projectRootOf } from './project-root.mjs';

/**
 * How one file may name another. Nx's rule decides which project may import which; it does not see deep paths that
 * resolve to nothing, `import('…')` in types, relative paths into folders that are no project, or rooms inside one.
 *
 * Options: `closedRooms` [{ inside, wiring }]: each folder directly below `inside` is imported by nobody but itself and
 * the files of `wiring`, which in turn only each other, the project's index and specs import. `exits` [{ from, to }]:
 * relative paths that may leave their project, from one folder to another.
 */
export const importPaths = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: {
          closedRooms: {
            type: 'array',
            items: { type: 'object', properties: { inside: { type: 'string' }, wiring: { type: 'array', items: { type: 'string' } } }, required: ['inside', 'wiring'], additionalProperties: false },
          },
          exits: { type: 'array', items: { type: 'object', properties: { from: { type: 'string' }, to: { type: 'string' } }, required: ['from', 'to'], additionalProperties: false } },
        },
        additionalProperties: false,
      },
    ],
    messages: {
      notAFace: '"{{source}}" is not the public face of a project: import "#libs/<project>", and export there what others need.',
      leavesProject: '"{{source}}" leaves this project: import "#libs/<project>" instead.',
      closedRoom: '"{{source}}" reaches into {{room}}, which is nobody else’s business: what both need belongs beside the rooms.',
      wiring: '"{{source}}" wires everything together; nothing that it wires may import it.',
      typeByPath: 'Import the type with an import declaration, so that the boundaries are checked for it.',
      notPlain: 'Write the path of an import as a plain string, so that the boundaries are checked for it.',
    },
  },
  create(context) {
    const { closedRooms = [], exits = [] } = context.options[0] ?? {};
    const file = inCheckout(context.filename);
    const project = projectRootOf(file);

    function check(node, source) {
      if (source.startsWith('.')) checkRelative(node, source, posix.join(posix.dirname(file), source));
      else if (source.startsWith('#') && !isFace(source)) report(node, 'notAFace', { source });
      else if (source.startsWith('/') || /^(libs|apps|tools|bench|deploy|dist)\//.test(source)) report(node, 'leavesProject', { source });
    }

    function checkRelative(node, source, target) {
      if (project === undefined) return; // the configuration files at the top
      const leaves = projectRootOf(target) !== project;
      if (leaves && !exits.some(({ from, to }) => isWithin(file, from) && isWithin(target, to))) report(node, 'leavesProject', { source });
      for (const { inside, wiring } of closedRooms) {
        if (isWithin(target, inside) && !wiring.includes(file)) {
          const room = `${inside}/${target.slice(inside.length + 1).split('/')[0]}`;
          if (!isWithin(file, room)) report(node, 'closedRoom', { source, room });
        }
        const targetFile = target.replace(/\.js$/, '.ts');
        const mayWire = wiring.includes(file) || file === `${project}/src/index.ts` || /\.spec\.ts$/.test(file);
        if (wiring.includes(targetFile) && !mayWire) report(node, 'wiring', { source });
      }
    }

    function report(node, messageId, data) {
      context.report({ node, messageId, data });
    }

    function checkSource(node) {
      if (typeof node.source?.value === 'string') check(node, node.source.value);
    }

    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression(node) {
        if (node.source.type === 'TemplateLiteral' && node.source.expressions.length === 0) report(node, 'notPlain');
        else checkSource(node);
      },
      TSImportType(node) {
        const source = node.source?.value ?? '';
        if (source.startsWith('#')) report(node, 'typeByPath');
        else check(node, source);
      },
      TSExternalModuleReference(node) {
        if (typeof node.expression.value === 'string') check(node, node.expression.value);
      },
    };
  },
};

/** `#libs/contracts`, `#libs/platform/rpc`: exactly a project's folder. Applications have no public face. */
function isFace(source) {
  return /^#libs\/[a-z/-]+$/.test(source) && isProject(source.slice(1));
}

function isWithin(path, folder) {
  return path.startsWith(`${folder}/`);
}

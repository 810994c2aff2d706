// node tools/typecheck.mjs <project folder>: checks the types of one project's files and of what they import.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { root } from './checkout.mjs';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('rollcall: name a project folder: node tools/typecheck.mjs libs/platform/errors');
  process.exit(1);
}
// A project with other rules, such as one that runs in browsers, has a tsconfig.json of its own.
const own = `${folder}/tsconfig.json`;
const settings = existsSync(resolve(root, own)) ? { extends: `./${own}`, include: [`${folder}/src`] } : { extends: './tsconfig.base.json', compilerOptions: { noEmit: true }, include: [`${folder}/**/*.ts`, `${folder}/**/*.tsx`] };
const { fileNames, options, errors } = ts.parseJsonConfigFileContent(settings, ts.sys, root, undefined, resolve(root, 'tsconfig.json'));
// A project without files yet has no wrong types.
const mistakes = errors.filter((error) => error.code !== 18_003);
const found = fileNames.length === 0 ? mistakes : [...mistakes, ...ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options))];
if (found.length > 0) {
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };
  console.error((process.stderr.isTTY ? ts.formatDiagnosticsWithColorAndContext : ts.formatDiagnostics)(found, host));
}
process.exit(found.some((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error) ? 1 : 0);

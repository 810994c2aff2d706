// node tools/lint/lint-texts.mjs: reads { rules, cases: [{ file, code }] } from stdin, lints each as if it stood in that file of the
// checkout, and prints one list of { rule, message } for each. A process of its own, because ESLint loads its configuration and
// Nx's native part in ways that a test runner's module loader changes.
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { root } from '../checkout.mjs';

const { rules, cases } = JSON.parse(await text(process.stdin));
const eslint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => rules.includes(ruleId) });
const answers = [];
for (const { file, code } of cases) {
  const [{ messages }] = await eslint.lintText(code, { filePath: join(root, file) });
  answers.push(messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(answers));

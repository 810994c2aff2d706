import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { join, posix } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { dependencyConstraints } from './dependency-constraints.mjs';

const boundaries = '@nx/enforce-module-boundaries';
const paths = 'rollcall/import-paths';
const imports = 'no-restricted-imports';
const environment = 'no-restricted-properties';
const syntax = 'no-restricted-syntax';
const oneIndex = 'rollcall/one-index';
const injected = 'rollcall/injected-values';
const reasons = 'rollcall/disable-reason';
const typeImports = '@typescript-eslint/consistent-type-imports';

const from = (source) => `import { a } from '${source}';\nexport const b = a;\n`;
const injecting = (declaration) => `import { Injectable } from '@nestjs/common';\n${declaration}\n@Injectable()\nexport class LogIn {\n  constructor(private readonly logger: Logger) {}\n  level() { return this.logger; }\n}\n`;

/** [what the case shows, the file, its code, the rule that must refuse it]; without a rule: nothing may be said against it. */
const matrix = {
  'an app': [
    ['takes its own library', 'apps/identity/src/main.ts', from('#libs/identity')],
    ['takes the runtime', 'apps/identity/src/main.ts', from('#libs/platform/runtime')],
    ['takes no other service', 'apps/identity/src/main.ts', from('#libs/profiles'), boundaries],
    ['takes no contracts', 'apps/identity/src/main.ts', from('#libs/contracts'), boundaries],
    ['takes no other platform room', 'apps/gateway/src/main.ts', from('#libs/platform/database'), boundaries],
    ['takes no package', 'apps/gateway/src/main.ts', from('zod'), boundaries],
    ['is imported by nobody', 'apps/all-in-one/src/main.ts', from('#apps/gateway'), paths],
  ],
  'the all-in-one': [
    ...['gateway', 'identity', 'profiles', 'membership', 'workers', 'bootstrap', 'platform/runtime'].map((library) => [`takes ${library}`, 'apps/all-in-one/src/main.ts', from(`#libs/${library}`)]),
    ['takes no contracts', 'apps/all-in-one/src/main.ts', from('#libs/contracts'), boundaries],
    ['takes no mechanism past the runtime', 'apps/all-in-one/src/main.ts', from('#libs/platform/queue'), boundaries],
  ],
  'the contracts': [
    ...['zod', '#libs/platform/messages', '#libs/platform/errors'].map((source) => [`take ${source}`, 'libs/contracts/src/profiles/probe.ts', from(source)]),
    ...['@nestjs/common', '@nestjs/microservices', 'typeorm', 'bullmq', 'uuid', '#libs/identity', '#libs/platform/rpc', '#libs/platform/config'].map((source) => [`don't take ${source}`, 'libs/contracts/src/profiles/probe.ts', from(source), boundaries]),
    ["don't take what only Node.js has", 'libs/contracts/src/profiles/probe.ts', from('node:crypto'), imports],
  ],
  'the client': [
    ['takes its own files', 'libs/client/src/probe.ts', from('./target.js')],
    ...['zod', '#libs/contracts', '#libs/platform/errors'].map((source) => [`doesn't take ${source}`, 'libs/client/src/probe.ts', from(source), boundaries]),
    ["doesn't take what only Node.js has", 'libs/client/src/probe.ts', from('node:crypto'), imports],
    ['is taken by the end-to-end specs', 'apps/e2e/src/probe.ts', from('#libs/client')],
    ['is taken by no service', 'libs/workers/src/mail/probe.ts', from('#libs/client'), boundaries],
  ],
  'a service': [
    ...['#libs/contracts', '#libs/platform/rpc', '#libs/platform/database', '#libs/platform/events', '#libs/platform/runtime', 'typeorm', 'zod', 'uuid', '@nestjs/common'].map((source) => [`takes ${source}`, 'libs/workers/src/erasure/probe.ts', from(source)]),
    ...['profiles', 'membership', 'workers', 'gateway', 'bootstrap'].map((other) => [`doesn't take ${other}`, 'libs/identity/src/login/probe.ts', from(`#libs/${other}`), boundaries]),
    ['takes no type of another service', 'libs/profiles/src/users/probe.ts', "import type { A } from '#libs/identity';\nexport type B = A;\n", boundaries],
    ['passes nothing of another service on', 'libs/profiles/src/users/probe.ts', "export { a } from '#libs/identity';\n", boundaries],
    ['loads no other service later', 'libs/membership/src/roles/probe.ts', "export const a = await import('#libs/identity');\n", boundaries],
    ['loads nothing by a path that no rule can read', 'libs/membership/src/roles/probe.ts', 'export const a = await import(`#libs/identity`);\n', paths],
    ['names no type of another service by its path', 'libs/membership/src/roles/probe.ts', "export type A = import('#libs/identity').A;\n", paths],
    ...['@nestjs/microservices', '@nats-io/transport-node', '@nestjs/bullmq', 'bullmq', 'fastify'].map((source) => [`doesn't take ${source}`, 'libs/workers/src/erasure/probe.ts', from(source), boundaries]),
    ['takes no package that package.json does not name', 'libs/workers/src/erasure/probe.ts', from('tslib'), boundaries],
  ],
  'the gateway': [
    ['has surfaces that take access, upstream, http, contracts and the platform', 'libs/gateway/src/surfaces/admin/probe.ts', ['../../access/caller.js', '../../upstream/projects.js', '../../http/route.js', '../../gateway.config.js', '#libs/contracts', '#libs/platform/errors'].map((source) => `export * from '${source}';\n`).join('')],
    ['has surfaces that take their own files', 'libs/gateway/src/surfaces/admin/probe.ts', from('./auth.routes.js')],
    ['has surfaces that take no other surface', 'libs/gateway/src/surfaces/admin/probe.ts', from('../engagement/user.wire.js'), paths],
    ['has surfaces that take no other surface by a detour', 'libs/gateway/src/surfaces/admin/deeper/probe.ts', from('../../../surfaces/project/user.wire.js'), paths],
    ['has surfaces that name no type of another', 'libs/gateway/src/surfaces/admin/probe.ts', "export type A = import('../project/user.wire.js').A;\n", paths],
    ['has surfaces that take not what wires them', 'libs/gateway/src/surfaces/admin/probe.ts', from('../../gateway.module.js'), paths],
    ...['access', 'upstream', 'http'].map((room) => [`has ${room}, which takes no surface`, `libs/gateway/src/${room}/probe.ts`, from('../surfaces/admin/auth.routes.js'), paths]),
    ...['access', 'upstream', 'http'].flatMap((room) => ['access', 'upstream', 'http'].filter((other) => other !== room).map((other) => [`has ${room}, which takes ${other}`, `libs/gateway/src/${room}/probe.ts`, from(`../${other}/probe.js`)])),
    ['is wired in its module', 'libs/gateway/src/gateway.module.ts', from('./surfaces/admin/auth.routes.js')],
    ['is wired in its target', 'libs/gateway/src/gateway.target.ts', from('./surfaces/engagement/engagement.dialect.js')],
    ['has specs that take the whole of it', 'libs/gateway/src/surfaces/admin/probe.spec.ts', from('../../gateway.target.js')],
    ['takes no service', 'libs/gateway/src/upstream/probe.ts', from('#libs/identity'), boundaries],
    ...['typeorm', 'pg', 'bullmq', '@nestjs/microservices'].map((source) => [`doesn't take ${source}`, 'libs/gateway/src/upstream/probe.ts', from(source), boundaries]),
  ],
  'a platform room': [
    ['takes rooms below it', 'libs/platform/rpc/src/probe.ts', from('#libs/platform/config')],
    ['takes no service', 'libs/platform/rpc/src/probe.ts', from('#libs/identity'), boundaries],
    ['takes no contracts', 'libs/platform/events/src/probe.ts', from('#libs/contracts'), boundaries],
    ['takes no room that takes it', 'libs/platform/logging/src/probe.ts', from('#libs/platform/rpc'), boundaries],
    ['takes not the runtime', 'libs/platform/database/src/probe.ts', from('#libs/platform/runtime'), boundaries],
    ['of definitions takes no mechanism', 'libs/platform/errors/src/probe.ts', from('#libs/platform/config'), boundaries],
    ['of definitions takes no framework', 'libs/platform/messages/src/probe.ts', from('@nestjs/common'), boundaries],
    ['that starts everything takes all others', 'libs/platform/runtime/src/probe.ts', from('#libs/platform/events')],
    ['for tests serves specs', 'libs/platform/rpc/src/probe.spec.ts', from('#libs/platform/testing')],
    ['for tests serves nothing else', 'libs/identity/src/login/probe.ts', from('#libs/platform/testing'), imports],
  ],
  'the end-to-end suite': [
    ...['contracts', 'platform/testing', 'platform/errors', 'platform/config'].map((library) => [`takes ${library}`, 'apps/e2e/src/probe.ts', from(`#libs/${library}`)]),
    ...['identity', 'gateway', 'platform/database', 'platform/runtime'].map((library) => [`doesn't take ${library}`, 'apps/e2e/src/probe.ts', from(`#libs/${library}`), boundaries]),
    ['starts what was built', 'apps/e2e/probe.mjs', from('../../dist/libs/platform/testing/src/index.js')],
    ['starts nothing else that was built', 'apps/e2e/probe.mjs', from('../../dist/libs/identity/src/index.js'), paths],
  ],
  'a path': [
    ...['#libs/identity/login', '#libs/identity/src/login/log-in.js', '#libs/platform', '#libs/platform/rpc/src/deadline.js', '#libs/nowhere'].map((source) => [`names a public face, not ${source}`, 'libs/membership/src/roles/probe.ts', from(source), paths]),
    ...['../../../profiles/src/index.js', '../../../../tools/checkout.mjs', '../../../../dist/libs/profiles/src/index.js', '../../../../package.json', 'libs/profiles/src/index.ts', '/work/probe.js'].map((source) => [`stays in its project, unlike ${source}`, 'libs/identity/src/login/probe.ts', from(source), paths]),
    ['within a project is relative', 'libs/identity/src/login/probe.ts', from('../keys/base62.js')],
    ['of a type stays in its project too', 'libs/identity/src/login/probe.ts', "export type A = import('../../../profiles/src/index.js').A;\n", paths],
    ['from the testing room may lead to the tools', 'libs/platform/testing/src/probe.ts', from('../../../../tools/provision.mjs')],
    ['from the benches may lead to what was built', 'bench/probe.mjs', from('../dist/libs/platform/rpc/src/index.js')],
    ['from the benches leads to no source', 'bench/probe.mjs', from('../libs/platform/rpc/src/index.ts'), paths],
  ],
  'the environment': [
    ...['process.env.PORT', "process['env']['PORT']"].map((code) => [`is not read by ${code}`, 'libs/identity/src/login/probe.ts', `export const a = ${code};\n`, environment]),
    ['is not read by taking the process apart', 'libs/gateway/src/http/probe.ts', 'const { env } = process;\nexport const a = env;\n', environment],
    ['is not read through the global object', 'libs/gateway/src/http/probe.ts', 'export const a = globalThis.process.env;\n', syntax],
    ['is not read through the module', 'libs/gateway/src/http/probe.ts', "import { env } from 'node:process';\nexport const a = env;\n", imports],
    ['is not read by an app', 'apps/gateway/src/main.ts', 'export const a = process.env;\n', environment],
    ['is not read by other files of the runtime', 'libs/platform/runtime/src/run.ts', 'export const a = process.env;\n', environment],
    ['is not read by a spec', 'libs/identity/src/login/probe.spec.ts', 'export const a = process.env;\n', environment],
    ...['libs/platform/config/src/probe.ts', 'libs/platform/runtime/src/main.ts', 'libs/platform/testing/src/probe.ts', 'apps/e2e/src/probe.ts', 'tools/probe.mjs', 'bench/probe.mjs'].map((file) => [`is read in ${file}`, file, 'export const a = process.env;\n']),
  ],
  'a project': [
    ['has its public face in src/index.ts', 'libs/platform/rpc/src/index.ts', "export { a } from './a.js';\n"],
    ...['libs/identity/src/login/index.ts', 'libs/gateway/src/surfaces/admin/index.ts', 'libs/platform/rpc/src/nats/index.ts', 'libs/platform/rpc/index.ts', 'tools/lint/index.mjs'].map((file) => [`has no ${file}`, file, 'export const a = 1;\n', oneIndex]),
  ],
  'an injected class': [
    ['is imported as a value', 'libs/identity/src/login/probe.ts', injecting("import { Logger } from '#libs/platform/logging';")],
    ['is not imported as a type', 'libs/identity/src/login/probe.ts', injecting("import type { Logger } from '#libs/platform/logging';"), injected],
    ['is not imported as a type beside values', 'libs/identity/src/login/probe.ts', injecting("import { type Logger } from '#libs/platform/logging';"), injected],
    ['with a cycle is refused', 'libs/identity/src/login/probe.ts', "import { forwardRef } from '@nestjs/common';\nexport const a = forwardRef(() => String);\n", syntax],
    ['in a file without decorators is a type like others', 'libs/identity/src/login/probe.ts', "import { Logger } from '#libs/platform/logging';\nexport type A = Logger;\n", typeImports],
  ],
  'a suppression': [
    ['says why', 'libs/identity/src/login/probe.ts', 'export const a = process.env; // eslint-disable-line no-restricted-properties -- a probe\n'],
    ['is refused without a reason', 'libs/identity/src/login/probe.ts', 'export const a = process.env; // eslint-disable-line no-restricted-properties\n', reasons],
    ['is refused without a reason for the next line', 'libs/identity/src/login/probe.ts', '// eslint-disable-next-line no-restricted-properties\nexport const a = process.env;\n', reasons],
    ['is refused for everything', 'libs/identity/src/login/probe.ts', '/* eslint-disable */\nexport const a = process.env;\n', reasons],
    ['is refused for everything, with whatever reason', 'libs/identity/src/login/probe.ts', '/* eslint-disable -- a probe */\nexport const a = process.env;\n', reasons],
  ],
};

const cases = Object.entries(matrix).flatMap(([who, rows]) => rows.map(([what, file, code, rule]) => ({ who, what, file, code, rule })));
const rules = [boundaries, paths, imports, environment, syntax, oneIndex, injected, reasons, typeImports];
let answers;

beforeAll(async () => {
  const child = spawn(process.execPath, [join(root, 'tools/lint/lint-texts.mjs')], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ rules, cases }));
  answers = JSON.parse(await text(child.stdout));
});

describe.each(Object.keys(matrix))('%s', (who) => {
  const own = cases.map((each, index) => ({ ...each, index })).filter((each) => each.who === who);

  it.each(own)('$what', ({ rule, index }) => {
    const found = answers[index];
    if (rule === undefined) expect(found).toEqual([]);
    else expect(found).toContainEqual(expect.objectContaining({ rule }));
  });
});

describe('the tags of a project', () => {
  const projects = ['apps', 'libs', 'libs/platform', '.'].flatMap(foldersOf).filter((folder) => existsSync(join(root, folder, 'project.json')));

  it.each(projects)('%s: one scope and one layer, both of which the table of imports knows', (folder) => {
    const { tags } = JSON.parse(readFileSync(join(root, folder, 'project.json'), 'utf8'));
    const known = dependencyConstraints.map(({ sourceTag }) => sourceTag);
    expect(tags.map((tag) => tag.split(':')[0]).sort()).toEqual(['layer', 'scope']);
    expect(known).toEqual(expect.arrayContaining(tags));
  });
});

function foldersOf(parent) {
  return readdirSync(join(root, parent), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => posix.join(parent, name));
}

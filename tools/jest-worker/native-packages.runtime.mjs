import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SyntheticModule, compileFunction } from 'node:vm';
import Runtime from 'jest-runtime';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Loads packages, and what `dist` has of `libs`, as Node.js does: once a worker. Jest reads and evaluates them anew for every
 * spec file: with Nest, TypeORM, Zod and some four hundred files of our own that took more time than the specs did. Specs, and
 * what stands beside them in `apps/e2e` and `tools`, stay each spec's own.
 *
 * All of it lives in the worker's own realm, and so must specs: to be used with `WorkerRealmEnvironment`. The global set-up
 * sees to it that `dist` is what the sources say.
 */
export default class NativePackagesRuntime extends Runtime {
  constructor(...parameters) {
    super(...parameters);
    const { esmLoader, executor, _resolution: resolution } = this;
    const replace = (holder, name, method) => {
      if (typeof holder?.[name] !== 'function') throw new Error(`jest-runtime has no ${name} any more: NativePackagesRuntime has to follow.`);
      holder[name] = method;
    };
    const resolveAsJest = esmLoader.resolveModule.bind(esmLoader);
    replace(esmLoader, 'resolveModule', (specifier, from, context) => {
      const native = isPackage(specifier) ? specifier : builtUrl(specifier, from);
      return native === undefined ? resolveAsJest(specifier, from, context) : nativeModule(native);
    });
    // No context is the realm that runs: the worker's.
    replace(esmLoader, 'getContext', () => undefined);
    replace(executor, 'compile', (source, filename) => compileFunction(source, executor.injectedModuleParameters, { filename, importModuleDynamically: (specifier) => import(specifier) }));
    // Else Node.js 22 and newer take a way past resolveModule.
    replace(resolution, 'hasDistinctAsyncResolver', () => true);
  }
}

const isPackage = (specifier) => !/^[./#]|^file:|^data:|^@jest\/globals$/.test(specifier);

/** @returns where the file of `libs` that is meant was built to; `undefined`: it is another's */
function builtUrl(specifier, from) {
  const [, room] = /^#(libs\/.+)$/.exec(specifier) ?? [];
  const path = room === undefined ? relative(root, resolve(dirname(from), specifier)) : `${room}/src/index.js`;
  if (!path.startsWith('libs/') || !path.endsWith('.js')) return undefined;
  const built = join(root, 'dist', path);
  return existsSync(built) ? pathToFileURL(built).href : undefined;
}

const modules = new Map();

function nativeModule(specifier) {
  let module = modules.get(specifier);
  if (module === undefined) modules.set(specifier, (module = wrap(specifier)));
  return module;
}

async function wrap(specifier) {
  const exported = await import(specifier);
  const names = Object.keys(exported);
  const module = new SyntheticModule(names, () => names.forEach((name) => module.setExport(name, exported[name])), { identifier: specifier });
  await module.link(() => undefined);
  await module.evaluate();
  return module;
}

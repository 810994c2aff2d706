import { SyntheticModule, compileFunction } from 'node:vm';
import Runtime from 'jest-runtime';

/**
 * Loads packages as Node.js does, once a worker. Jest reads and evaluates them anew for every spec file: with Nest, TypeORM
 * and Zod that took more time than the specs did. Our own files stay each spec's own.
 *
 * Packages live in the worker's own realm, and so must specs: to be used with `WorkerRealmEnvironment`.
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
    replace(esmLoader, 'resolveModule', (specifier, from, context) => (isPackage(specifier) ? nativeModule(specifier) : resolveAsJest(specifier, from, context)));
    // No context is the realm that runs: the worker's.
    replace(esmLoader, 'getContext', () => undefined);
    replace(executor, 'compile', (source, filename) => compileFunction(source, executor.injectedModuleParameters, { filename, importModuleDynamically: (specifier) => import(specifier) }));
    // Else Node.js 22 and newer take a way past resolveModule.
    replace(resolution, 'hasDistinctAsyncResolver', () => true);
  }
}

const isPackage = (specifier) => !/^[./#]|^file:|^data:|^@jest\/globals$/.test(specifier);

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

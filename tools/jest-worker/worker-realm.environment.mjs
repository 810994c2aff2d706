import { TestEnvironment } from 'jest-environment-node';

/** Runs specs in the realm of their worker, where `NativePackagesRuntime` loads packages. What a spec sets on `globalThis`, the next one sees. */
export default class WorkerRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global = globalThis;
  }
}

import { TestEnvironment } from 'jest-environment-node';

/**
 * Hands the run's platform itself to the specs, so that the fault suite can kill its parts and needs no platform of its own.
 * One worker runs all specs, in the process of the global set-up.
 */
export default class SharedPlatformEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.rollcall = globalThis.rollcall;
  }
}

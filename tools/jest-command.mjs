import { join } from 'node:path';
import { root } from './checkout.mjs';

const endOnSignal = new URL('./jest-worker/end-on-signal.mjs', import.meta.url).href;

/** Jest as a command line; ES modules need a flag of Node.js, whose warning says nothing that we don't know. Its workers get the flags too. */
export const jestCommand = [process.execPath, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--import', endOnSignal, join(root, 'node_modules', 'jest', 'bin', 'jest.js')];

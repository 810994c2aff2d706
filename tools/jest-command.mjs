import { join } from 'node:path';
import { root } from './checkout.mjs';

/** Jest as a command line; ES modules need a flag of Node.js, whose warning says nothing that we don't know. */
export const jestCommand = [process.execPath, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(root, 'node_modules', 'jest', 'bin', 'jest.js')];

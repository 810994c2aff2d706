import { disableReason } from './disable-reason.rule.mjs';
import { importPaths } from './import-paths.rule.mjs';
import { injectedValues } from './injected-values.rule.mjs';
import { oneIndex } from './one-index.rule.mjs';

/** The house's own rules, for what no published rule says. */
export const rollcallPlugin = {
  meta: { name: 'rollcall' },
  rules: { 'disable-reason': disableReason, 'import-paths': importPaths, 'injected-values': injectedValues, 'one-index': oneIndex },
};

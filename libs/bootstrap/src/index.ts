export { readBootstrapArguments } from './bootstrap-arguments.js';
export { bootstrapDemo, type DemoOptions } from './bootstrap-demo.js';
export { bootstrapProduction, type ProductionOptions } from './bootstrap-production.js';

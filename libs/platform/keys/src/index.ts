export { createDataKeys, dataKeysEntities, dropDataKeys } from './database/tables.js';
export { DataKeys } from './data-keys.js';
export { deriveKey, open, seal } from './sealed-box.js';

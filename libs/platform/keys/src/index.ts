export { createDataKeys, dataKeysEntities, dropDataKeys } from './database/tables.js';
export { addDataKey } from './add-data-key.js';
export { DataKeys } from './data-keys.js';
export { openRoot, sealRoot, usedAfterMs } from './root-keys.js';
export { deriveKey, open, seal } from './sealed-box.js';
export { SequenceCursors } from './sequence-cursors.js';
export { readCursor, signCursor } from './signed-cursor.js';

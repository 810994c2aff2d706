/** Numbers of ours, one for each thing that one process does at a time in a database. */
export const advisoryLocks = { migrations: 7_245_001, relay: 7_245_002, feed: 7_245_003 } as const;

/** It listens on loopback while the bench runs. */
export const parseKeys = { appId: 'bench', masterKey: 'a key of the bench and of nothing else' };

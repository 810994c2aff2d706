// parse-server as its documentation sets it up, on Postgres. Customers and events are classes that take a session; passwords are its own bcrypt.
import express from 'express';
import { ParseServer } from 'parse-server';
import { parseKeys } from './parse-keys.mjs';

const serverURL = `http://127.0.0.1:${process.env.PORT}/parse`;
const server = new ParseServer({
  ...parseKeys,
  databaseURI: `${process.env.DATABASE_URL}`,
  serverURL,
  masterKeyIps: ['127.0.0.1', '::1'],
  logLevel: 'error',
  silent: false,
  allowClientClassCreation: false,
  enforcePrivateUsers: true,
  rateLimit: [{ requestPath: '/*path', requestTimeWindow: 60_000, requestCount: 1_000_000_000, includeInternalRequests: true }],
});
await server.start();
const app = express();
app.get('/', (_request, answer) => answer.json({}));
app.use('/parse', server.app);
app.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));

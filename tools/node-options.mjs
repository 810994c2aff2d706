/**
 * How Node.js is to run Rollcall: with twice the usual room for what is new, in MiB. What requests, transactions and groups of them hold for some
 * milliseconds is gone then before V8 looks, and is neither copied nor collected as something old. Read by V8 before there is a program, which can't
 * set it for itself. `package.json` and `deploy/Dockerfile` say the same.
 */
export const nodeOptions = ['--max-semi-space-size=32'];

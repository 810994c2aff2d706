import type { FastifyInstance, onSendAsyncHookHandler } from 'fastify';
import type { Changes } from '../access/changes.js';
import type { Route } from './route.js';

/** Has what gateways remember asked anew after each request that may have changed it, before it is answered. */
export function noteChanges(server: FastifyInstance, changes: Changes): void {
  const note: onSendAsyncHookHandler = async (_request, { statusCode }, payload) => {
    // What failed on our side may have been done all the same.
    if (statusCode < 400 || statusCode >= 500) await changes.note();
    return payload;
  };
  server.addHook('onRoute', (options) => {
    const { rollcallRoute } = (options.config ?? {}) as { rollcallRoute?: Route };
    if (rollcallRoute !== undefined && mayChange(rollcallRoute)) options.onSend = [...[options.onSend ?? []].flat(), note];
  });
}

/** Organisations, projects, who may do what in them, and keys are changed on surfaces C and D. */
function mayChange({ surface, method, keepsAnswers }: Route): boolean {
  return method !== 'GET' && (surface === 'admin' || surface === 'project') && keepsAnswers !== true;
}

import type { FastifyReply, FastifyRequest } from 'fastify';

const ignore = () => undefined;

/**
 * Calls once, when the answer is out (`reply.raw.writableFinished`) or never will be because the connection is gone. Fastify's `onResponse` is silent about the latter,
 * and its `onRequestAbort` where the body had been read.
 */
export function onceClosed({ raw: { socket } }: FastifyRequest, { raw }: FastifyReply, closed: () => void): void {
  // A failed write is told by the close that follows it.
  raw.once('close', closed).on('error', ignore);
  if (raw.socket !== null) return;
  // It waits behind others on its connection (pipelining), and has no close of its own before its turn.
  const gone = () => {
    if (raw.socket === null && !raw.writableFinished) closed();
  };
  // As many as were sent at once.
  socket.setMaxListeners(0).once('close', gone);
  raw.once('close', () => socket.off('close', gone));
}

// Exits with 0 when the process of this container is ready: services answer on HEALTH_PORT, the gateway on PORT.
const port = process.env.HEALTH_PORT || process.env.PORT || 3000;
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) }).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);

// The health check of every image: does this process answer? Where it listens stands in its own environment.
const { APP_HOST = '127.0.0.1', APP_PORT } = process.env;
const host = ['0.0.0.0', '::'].includes(APP_HOST) ? '127.0.0.1' : APP_HOST;
const answer = await fetch(`http://${host}:${APP_PORT}/health/live`, { signal: AbortSignal.timeout(2_000) });
process.exitCode = answer.ok ? 0 : 1;

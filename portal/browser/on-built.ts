import { join } from 'node:path';
import { preview } from 'vite';
import { createMock, type Hearer } from '../mock/mock.ts';

/**
 * Serves the portal as it was built, and the mock behind it, at one address.
 * @param onAsked hears what is asked of the mock
 */
export async function serveBuilt(onAsked?: Hearer): Promise<{ address: string; stop(): Promise<void> }> {
  const mock = createMock(onAsked);
  const server = await preview({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'silent',
    preview: { host: '127.0.0.1', port: 0, proxy: {} },
    plugins: [
      {
        name: 'mock',
        configurePreviewServer({ middlewares }) {
          middlewares.use((req, res, next) => {
            if (!mock(req, res)) next();
          });
        },
      },
    ],
  });
  const { port } = new URL(server.resolvedUrls?.local[0] as string);
  return { address: `http://localhost:${port}`, stop: () => server.close() };
}

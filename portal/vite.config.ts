import { join } from 'node:path';
import { lingui } from '@lingui/vite-plugin';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { textAreas } from './text-areas.ts';
import { fewFiles } from './vite-chunks.ts';
import { linguiMacros } from './vite-macros.ts';
import { textsInParts } from './vite-texts.ts';

/** Where the platform's gateway listens, for `vite` itself; what is built is served by the gateway. */
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:8080';

const here = (file: string) => join(import.meta.dirname, file);

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    linguiMacros(),
    react(),
    lingui({ cwd: import.meta.dirname }),
    textsInParts(here('src/main.tsx'), here('src/languages/en.po'), textAreas),
    tailwind(),
    fewFiles({ first: here('src/begin.ts'), main: here('src/main.tsx'), apart: here('src/outage/outage.ts') }),
  ],
  build: {
    rolldownOptions: { input: ['index.html', 'outage.html'].map(here) },
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // The policy of the page lets nothing run or be shown that is not a file of ours.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'baseline-widely-available',
  },
  server: { host: '127.0.0.1', proxy: { '/api': gateway, '/pages': gateway } },
});

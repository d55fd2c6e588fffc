import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** A further language is one more name here and one more file in `src/languages`. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'fr'],
  catalogs: [
    { path: '<rootDir>/src/languages/{locale}', include: ['<rootDir>/src'], exclude: ['**/*.test.*', '**/*.d.ts'] },
  ],
  format: formatter({ lineNumbers: false, origins: false }),
});

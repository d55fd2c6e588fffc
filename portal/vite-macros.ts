import { transformAsync } from '@babel/core';
import { getConfig } from '@lingui/conf';
import type { Plugin } from 'vite';

// Else it is looked for where the program was started.
const linguiConfig = getConfig({ cwd: import.meta.dirname });

/**
 * Turns Lingui's macros into messages by its Babel plugin, and nothing else: types and JSX are left to Vite. (Its own way
 * without Babel needs a binary that npm leaves out when it runs under Node 20, under which Cabinet may be installed.)
 */
export const linguiMacros = (): Plugin => ({
  name: 'cabinet:lingui-macros',
  enforce: 'pre',
  async transform(code, id) {
    const [file = id] = id.split('?');
    if (!/\.tsx?$/.test(file) || !code.includes('@lingui/') || !code.includes('/macro')) return undefined;
    const done = await transformAsync(code, {
      filename: file,
      configFile: false,
      babelrc: false,
      sourceMaps: true,
      plugins: [['@lingui/babel-plugin-lingui-macro', { linguiConfig }]],
      parserOpts: { plugins: file.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
    });
    return done?.code ? { code: done.code, map: done.map } : undefined;
  },
});

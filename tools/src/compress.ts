import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Below this a compressed file would fit into no fewer packets. */
const bytesMin = 1_024;
const texts = '**/*.{html,js,css,json,svg,txt,webmanifest}';

/**
 * Writes beside each text of a folder that is served what of it is sent: `.br` and `.gz`, as small as can be, since it is
 * done once. A file that gets no smaller has none.
 */
export async function compressTexts(folder: string): Promise<void> {
  await Promise.all(globSync(texts, { cwd: folder }).map((file) => compressText(join(folder, file))));
}

async function compressText(file: string): Promise<void> {
  const text = readFileSync(file);
  if (text.length < bytesMin) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(text, { params }),
    promisify(gzip)(text, { level: 9 }),
  ]);
  if (br.length < text.length) writeFileSync(`${file}.br`, br);
  if (gz.length < text.length) writeFileSync(`${file}.gz`, gz);
}

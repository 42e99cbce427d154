// A .br and a .gz beside every file worth it: the gateway sends them as they are and compresses nothing itself.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const textual = /\.(html|js|css|json|svg|txt|webmanifest)$/;

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : Promise.resolve([path]);
  });
  return (await Promise.all(nested)).flat();
}

export function precompress(options: { minBytes: number }): Plugin {
  return {
    name: 'lectern-precompress',
    apply: 'build',
    writeBundle: {
      sequential: true,
      async handler(output) {
        for (const path of await filesBelow(output.dir!)) {
          const bytes = textual.test(path) ? await readFile(path) : null;
          if (!bytes || bytes.length < options.minBytes) continue;
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
          await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, quality));
          await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
        }
      },
    },
  };
}

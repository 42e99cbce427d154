// What a phone loads before it shows a session: the page, the entry, the attendee's chunk, all they import, their styles.
// The build fails when that grows beyond the budget.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputBundle, OutputChunk } from 'rollup';
import type { Plugin } from 'vite';

function chunkOf(bundle: OutputBundle, test: (chunk: OutputChunk) => boolean): OutputChunk {
  const found = Object.values(bundle).find((part) => part.type === 'chunk' && test(part));
  if (!found) throw new Error('budget: the bundle has no such chunk');
  return found as OutputChunk;
}

function firstLoad(bundle: OutputBundle, page: string): Set<string> {
  const files = new Set(['index.html']);
  const add = (chunk: OutputChunk): void => {
    if (files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    chunk.viteMetadata?.importedCss.forEach((css) => files.add(css));
    for (const name of chunk.imports) add(bundle[name] as OutputChunk);
  };
  add(chunkOf(bundle, (chunk) => chunk.isEntry));
  add(chunkOf(bundle, (chunk) => chunk.facadeModuleId?.endsWith(page) ?? false));
  return files;
}

export function budget(options: { page: string; maxBytes: number }): Plugin {
  return {
    name: 'lectern-budget',
    apply: 'build',
    enforce: 'post',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler(output, bundle) {
        const sum = (suffix: string) => [...firstLoad(bundle, options.page)].reduce((bytes, file) => {
          const path = join(output.dir!, file);
          return bytes + (existsSync(path + suffix) ? statSync(path + suffix).size : readFileSync(path).length);
        }, 0);
        const [brotli, gzip] = [sum('.br'), sum('.gz')];
        console.log(`attendee first load: ${brotli} B brotli, ${gzip} B gzip (budget ${options.maxBytes} B gzip)`);
        if (gzip > options.maxBytes) this.error(`the attendee's first load is above ${options.maxBytes} bytes`);
      },
    },
  };
}

import { defineConfig } from 'vite';
import { budget } from './build/budget';
import { precompress } from './build/precompress';

const gateway = process.env.LECTERN_GATEWAY ?? 'http://127.0.0.1:8080';

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  logLevel: 'warn', // the budget prints its own line
  build: {
    target: 'es2020',
    assetsInlineLimit: 0, // the content security policy knows no inline parts
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  plugins: [precompress({ minBytes: 512 }), budget({ page: 'src/pages/AttendeePage.tsx', maxBytes: 60_000 })],
  // As objects: a plain address would change the Host header, and the gateway would see another site's requests.
  server: { proxy: { '/api': { target: gateway }, '/r': { target: gateway }, '/ws': { target: gateway, ws: true } } },
});

import { describe, expect, it } from 'vitest';
import { encodeQr, pathOf, quiet, sideOf, svgOf, type Matrix } from './qr';

/** Draws what pathOf made, to see the modules again. */
function modulesOf(path: string, side: number): boolean[][] {
  const drawn = Array.from({ length: side }, () => Array<boolean>(side).fill(false));
  for (const [, x, y, n] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let i = 0; i < Number(n); i++) drawn[Number(y)]![Number(x) + i] = true;
  }
  return drawn;
}

describe('a QR code', () => {
  it('is drawn module by module, inside its quiet zone', () => {
    const matrix: Matrix = [[true, true, false], [false, false, false], [true, false, true]];
    const drawn = modulesOf(pathOf(matrix), sideOf(matrix));
    expect(drawn.slice(quiet, -quiet).map((row) => row.slice(quiet, -quiet))).toEqual(matrix);
    expect(drawn.flat().filter(Boolean)).toHaveLength(4);
  });
  it('holds an address of ours', async () => {
    const matrix = await encodeQr('https://lectern.example.org/s/BN1VYH');
    expect(matrix.length).toBeLessThanOrEqual(33);
    expect(modulesOf(pathOf(matrix), sideOf(matrix)).flat().filter(Boolean)).toHaveLength(matrix.flat().filter(Boolean).length);
    expect(svgOf(matrix)).toContain(`viewBox="0 0 ${sideOf(matrix)} ${sideOf(matrix)}"`);
  });
});

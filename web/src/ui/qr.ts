// QR codes of addresses: dark on light in either colour scheme, with the quiet zone that readers need. Pure, but for the
// picture files.
export type Matrix = readonly (readonly boolean[])[];

export const quiet = 4; // modules around it, as the standard wants
const pixels = 12; // of a module, in the picture

/** The dark modules as one path; runs in a row are one stroke of it. */
export function pathOf(matrix: Matrix): string {
  const runs: string[] = [];
  matrix.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      runs.push(`M${from + quiet} ${y + quiet}h${x - from + 1}v1h-${x - from + 1}z`);
    }
  });
  return runs.join('');
}

export function sideOf(matrix: Matrix): number {
  return matrix.length + 2 * quiet;
}

export function svgOf(matrix: Matrix): string {
  const side = sideOf(matrix);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side * pixels}" height="${side * pixels}" `
    + `shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${pathOf(matrix)}"/></svg>\n`;
}

function pngOf(matrix: Matrix): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = sideOf(matrix) * pixels;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#000';
  pen.scale(pixels, pixels);
  pen.fill(new Path2D(pathOf(matrix)));
  return new Promise((done) => canvas.toBlob(done));
}

export async function saveQr(matrix: Matrix, kind: 'png' | 'svg', name: string): Promise<void> {
  const file = kind === 'svg' ? new Blob([svgOf(matrix)], { type: 'image/svg+xml' }) : await pngOf(matrix);
  if (!file) throw new Error('no picture');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${name}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export async function encodeQr(text: string): Promise<Matrix> {
  const { encode } = await import('uqr');
  return encode(text, { ecc: 'M', border: 0 }).data;
}

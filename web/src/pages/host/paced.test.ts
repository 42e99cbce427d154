import { expect, it } from 'vitest';
import { paced } from './paced';

it('runs the first at once, then slowly, and keeps the order', async () => {
  let slept = 0;
  const seen: number[] = [];
  const items = Array.from({ length: 50 }, (_, i) => i);
  const results = await paced(items, async (item) => item * 2, (done) => seen.push(done), async () => { slept++; });
  expect(results).toEqual(items.map((item) => item * 2));
  expect(seen).toEqual([20, 40, 44, 48, 50]);
  expect(slept).toBe(3);
});

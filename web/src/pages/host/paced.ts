// Many commands at once: the first ones together, the others as fast as the server takes them from one connection
// without calling it a flood.
const burst = 40;
const portion = 20;
const steady = { size: 4, everyMs: 1100 };

export async function paced<T, R>(
  items: readonly T[], run: (item: T) => Promise<R>, onProgress: (done: number) => void,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<R[]> {
  const results: R[] = [];
  while (results.length < items.length) {
    const free = results.length < burst;
    if (!free) await sleep(steady.everyMs);
    const next = items.slice(results.length, results.length + (free ? portion : steady.size));
    results.push(...await Promise.all(next.map(run)));
    onProgress(results.length);
  }
  return results;
}

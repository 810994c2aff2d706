/**
 * Whether figures that go up and down rise in the long run. They are put together in blocks, because neighbours are alike; the least of each block
 * is its figure, since memory rises until it is collected.
 * @param {{ at: number, value: number }[]} samples in order; `at` in hours
 * @param {number} [blocks]
 * @returns slope per hour and how far off it may be (twice its standard error); undefined of fewer samples than three for each block
 */
export function trendOf(samples, blocks = 8) {
  if (samples.length < 3 * blocks) return undefined;
  const points = Array.from({ length: blocks }, (_, block) => {
    const own = samples.slice(Math.floor((block * samples.length) / blocks), Math.floor(((block + 1) * samples.length) / blocks));
    return { x: own.reduce((sum, { at }) => sum + at, 0) / own.length, y: Math.min(...own.map(({ value }) => value)) };
  });
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / blocks;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
  const left = points.reduce((sum, point) => sum + (point.y - y - slope * (point.x - x)) ** 2, 0);
  return { slope, within: 2 * Math.sqrt(left / (blocks - 2) / spread) };
}

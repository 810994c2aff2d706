/** CPU time (user and system, all threads) that `work` costs this process, in µs. */
async function cpuTimeOf(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/**
 * Measures each way once a round, in turns, so that whatever else the machine does meets all of them alike. Two rounds
 * before are thrown away: by then the hot code is compiled.
 *
 * @param {number} rounds @param {(() => Promise<void>)[]} ways
 * @returns {Promise<number[][]>} for each way the µs of every round
 */
export async function interleave(rounds, ways) {
  const spent = ways.map(() => []);
  for (let round = -2; round < rounds; round += 1) {
    for (const [index, way] of ways.entries()) {
      const time = await cpuTimeOf(way);
      if (round >= 0) spent[index].push(time);
    }
  }
  return spent;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `3.21 µs (3.05–4.40)`: the median and the whole spread. */
export function microseconds(values) {
  return `${median(values).toFixed(2)} µs (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
}

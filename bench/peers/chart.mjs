import { titles } from './report.mjs';
import { workloads } from './workloads.mjs';

const colours = { 'all-in-one': '#1f6feb', services: '#79b8ff', limit: '#6e7781', 'better-auth': '#d29922', 'parse-server': '#a371f7', argon2id: '#6e7781' };
const bar = 12;
const left = 210;
const width = 620;
const most = 2.5;

/** Bars of requests per second against the limit, a group a workload. @returns an SVG that reads on light and dark */
export function chart(rows) {
  const parts = [];
  let y = 44;
  for (const [workload, title] of Object.entries(workloads)) {
    const bars = rows.filter((row) => row.workload === workload && row.ratio !== undefined && row.contender !== 'argon2id' && row.contender !== 'limit');
    if (bars.length === 0) continue;
    parts.push(`<text x="${left - 8}" y="${y + (bars.length * bar) / 2 + 4}" text-anchor="end">${title}</text>`);
    for (const { contender, ratio } of bars) {
      const long = Math.max(1, (Math.min(ratio, most) / most) * width);
      parts.push(`<rect x="${left}" y="${y}" width="${long.toFixed(1)}" height="${bar - 2}" fill="${colours[contender]}"/><text x="${(left + long + 4).toFixed(1)}" y="${y + bar - 3}" font-size="10">${ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2)}</text>`);
      y += bar;
    }
    y += 10;
  }
  const limit = left + width / most;
  const present = Object.keys(titles).filter((name) => name !== 'argon2id' && name !== 'limit' && rows.some(({ contender }) => contender === name));
  const legend = present.map((name, place) => `<rect x="${left + place * 120}" y="8" width="10" height="10" fill="${colours[name]}"/><text x="${left + place * 120 + 14}" y="17">${titles[name]}</text>`);
  const line = `<line x1="${limit}" y1="28" x2="${limit}" y2="${y}" stroke="${colours.limit}" stroke-dasharray="4 3"/><text x="${limit + 4}" y="36" font-size="10">the limit (logins: argon2id alone)</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 60} ${y + 8}" font-family="system-ui, sans-serif" font-size="12" fill="#6e7781" role="img" aria-label="Requests per second against the limit">
${[...legend, ...parts, line].join('\n')}
</svg>
`;
}

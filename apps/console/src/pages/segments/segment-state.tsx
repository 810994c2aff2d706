import type { Segment } from '../../api/types.js';
import { Status } from '../../components/status.js';
import { formatNumber } from '../../components/time.js';

export function SegmentState({ segment: { state, progress } }: { segment: Segment }) {
  if (state === 'ready') return <Status tone="good">Up to date</Status>;
  return <Status tone="busy">{progress.total === 0 ? 'Looking at users' : `Looked at ${formatNumber(progress.evaluated)} of ${formatNumber(progress.total)}`}</Status>;
}

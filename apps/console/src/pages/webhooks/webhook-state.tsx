import type { Webhook } from '../../api/types.js';
import { Status } from '../../components/status.js';

const reasons = { manual: 'Disabled', gone: 'Disabled: the address is gone', failing: 'Disabled: it took nothing for too long' } as const;

export function WebhookState({ webhook: { enabled, disabled_reason, failing_since } }: { webhook: Webhook }) {
  if (!enabled) return <Status tone={disabled_reason === 'manual' ? 'calm' : 'bad'}>{reasons[disabled_reason ?? 'manual']}</Status>;
  return failing_since === null ? <Status tone="good">Enabled</Status> : <Status tone="warn">Takes nothing</Status>;
}

import { Inject, Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { checkOutboundAddress, OutboundRefused, outboundFetch } from '#libs/platform/outbound';
import { currentSpan, traced, type Span } from '#libs/platform/tracing';
import type { AttemptOutcome } from './attempts.repository.js';
import { retryAfterOf } from './retry-after.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { webhooksConfig } from './webhooks.config.js';

/** Of an answer, so that whoever answers at length is not cut off in the middle of it. What it says is not kept. */
const mostBytes = 64 * 1024;

/** One request to a webhook: signed, to an address outside, without following where it is sent on to. */
@Injectable()
export class SendWebhook {
  constructor(
    private readonly secrets: WebhookSecrets,
    @Inject(webhooksConfig.token) private readonly config: ConfigValues<typeof webhooksConfig>,
  ) {}

  /** How long an attempt may take at the most, with room: after this nobody is at it any more. */
  get leaseSeconds(): number {
    return 2 * this.config.WEBHOOK_TIMEOUT + 30;
  }

  /** @throws OutboundRefused when nothing may be sent there; TypeError when it is no address */
  async check(url: string): Promise<void> {
    await checkOutboundAddress(url, { allowInside: this.isAllowedInside(url) });
  }

  /** Never throws on account of the receiver: what came of it is the outcome. */
  send(webhookId: string, to: { url: string; secrets: readonly Buffer[] }, event: operations.CloudEvent): Promise<AttemptOutcome> {
    const job = currentSpan();
    // Part of the trace of what it tells of; the job, which sends what many have done, is another.
    return traced({ name: 'send webhook', kind: 'client', from: event.traceparent, attributes: { 'rollcall.webhook_id': webhookId, 'messaging.message.id': event.id } }, async (span) => {
      if (event.traceparent !== undefined && job !== undefined) span.link(job);
      const outcome = await this.sendTraced(webhookId, to, event, span);
      if (outcome.status !== null) span.set({ 'http.response.status_code': outcome.status });
      if (outcome.error !== null) span.fail(outcome.error);
      return outcome;
    });
  }

  private async sendTraced(webhookId: string, { url, secrets }: { url: string; secrets: readonly Buffer[] }, event: operations.CloudEvent, { traceparent }: Span): Promise<AttemptOutcome> {
    const body = JSON.stringify(event);
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Rollcall-Webhooks/1',
      ...(traceparent === undefined ? {} : { traceparent }),
      ...this.secrets.sign(webhookId, secrets, { id: event.id, at: Math.floor(Date.now() / 1_000), body }),
    };
    const start = performance.now();
    const took = () => Math.round(performance.now() - start);
    try {
      const { status, headers: answered } = await outboundFetch(url, { method: 'POST', headers, body, allowInside: this.isAllowedInside(url), timeoutMs: this.config.WEBHOOK_TIMEOUT * 1_000, maxBytes: mostBytes, cutsAnswer: true });
      const isTaken = status >= 200 && status < 300;
      return { status, error: isTaken ? null : status >= 300 && status < 400 ? 'redirect' : 'refused', durationMs: took(), retryAfter: retryAfterOf(status, answered) };
    } catch (error) {
      return { status: null, error: codeOf(error), durationMs: took() };
    }
  }

  private isAllowedInside(url: string): boolean {
    return this.config.WEBHOOK_INSIDE_ORIGINS.includes(new URL(url).origin);
  }
}

/** A name for what went wrong; no text, which may hold addresses and more. */
function codeOf(error: unknown): string {
  if (error instanceof OutboundRefused) return 'refused-address';
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout';
  const code: unknown = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : 'failed';
}

import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { operations } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { anyone } from '../access/access-rule.js';
import { RecentAnswers } from '../access/recent-answers.js';
import { route, type RouteCall } from './route.js';
import { Serves } from './serves.js';

const receiptKeys = route({
  surface: 'deployment',
  method: 'GET',
  path: '/.well-known/receipt-keys.json',
  access: anyone,
  summary: 'The public keys that receipts of erasures are verified with (RFC 7517)',
  answer: { status: 200, description: 'Every key there ever was, newest first; none before the first receipt', body: z.object({ keys: z.array(z.record(z.string(), z.string())) }), headers: ['Access-Control-Allow-Origin'] },
});

/** A set of its own: a key that signs receipts must verify no token. */
@Controller()
export class ReceiptKeysRoutes {
  private readonly keys: RecentAnswers<Record<string, string>[]>;

  constructor(rpc: RpcClient) {
    this.keys = new RecentAnswers(async (_, requestId) => (await rpc.call(operations.listReceiptKeys, {}, { requestId })).keys);
  }

  @Serves(receiptKeys)
  async get({ reply, requestId }: RouteCall<typeof receiptKeys>): Promise<z.output<typeof receiptKeys.answer.body>> {
    void reply.header('access-control-allow-origin', '*');
    return { keys: await this.keys.get('', requestId) };
  }
}

import { erasureReceipt, removalReceipt, type ErasureReceipt, type Receipt, type RemovalReceipt } from '#libs/platform/receipts';

export { erasureReceipt, removalReceipt };

/**
 * A receipt as it was kept, in an answer: parsed and written again, its members keep their order, and so the answer has the
 * same bytes where the receipt stands. It is never parsed by its schema, which would leave out what it does not know.
 */
export function receiptOf<R extends Receipt>(text: string): R {
  return JSON.parse(text) as R;
}

/** What every way to an erasure shows of it. */
export interface ErasureState {
  receipt?: ErasureReceipt;
  removal_receipt?: RemovalReceipt;
}

/** Fields for the receipts that there are. */
export function receiptsOf({ receipt, removal }: { receipt: string | null; removal: string | null }): ErasureState {
  return { ...(receipt === null ? {} : { receipt: receiptOf<ErasureReceipt>(receipt) }), ...(removal === null ? {} : { removal_receipt: receiptOf<RemovalReceipt>(removal) }) };
}

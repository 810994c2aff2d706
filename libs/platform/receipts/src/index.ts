export { canonicalJson } from './canonical-json.js';
export { ChainVerifier, verifyChain, type ChainReport } from './chain-verifier.js';
export { erasureReceipt, receipt, removalReceipt, type ErasureReceipt, type Receipt, type ReceiptContent, type RemovalReceipt } from './receipt.js';
export { receiptKey, type PublicReceiptKey } from './receipt-key.js';
export { signReceipt, type ReceiptPlace } from './sign-receipt.js';
export { VerificationKeys } from './verification-keys.js';
export { problemTexts, verifyReceipt, type Problem, type Verification } from './verify-receipt.js';

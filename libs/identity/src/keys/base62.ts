const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Characters that `bytes` bytes need in base62. */
export function base62Length(bytes: number): number {
  return Math.ceil((bytes * 8) / Math.log2(62));
}

/** Bytes as a big-endian number in base62, padded so that equally many bytes always give equally many characters. */
export function toBase62(bytes: Uint8Array): string {
  let rest = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let place = base62Length(bytes.length); place > 0; place -= 1) {
    text = alphabet[Number(rest % 62n)]! + text;
    rest /= 62n;
  }
  return text;
}

/** The bytes that `toBase62` made the text of; null when it made it of no such many bytes. */
export function fromBase62(text: string, bytes: number): Buffer | null {
  if (text.length !== base62Length(bytes)) return null;
  let number = 0n;
  for (const character of text) {
    const digit = alphabet.indexOf(character);
    if (digit === -1) return null;
    number = number * 62n + BigInt(digit);
  }
  const hex = number.toString(16).padStart(bytes * 2, '0');
  return hex.length > bytes * 2 ? null : Buffer.from(hex, 'hex');
}

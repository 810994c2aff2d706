/** Characters that mean something in a pattern unless a backslash precedes them. */
const special = /[\\^$.*+?()[\]{}|]/;

/**
 * Reads the text of an anchored pattern: `^abc`, `^a\.b`, `^abc.*`.
 * @returns undefined for every other pattern: they would be tried on each user's values, and some take for ever
 */
export function readPrefix(pattern: string): string | undefined {
  if (!pattern.startsWith('^')) return undefined;
  const text = pattern.slice(1).replace(/(?<!\\)(\\\\)*\.\*$/, '$1');
  let prefix = '';
  for (let place = 0; place < text.length; place += 1) {
    let character = text[place]!;
    if (character === '\\') {
      place += 1;
      character = text[place] ?? '';
      // A backslash before a letter or digit makes it something else: \d is no d.
      if (character === '' || /[\p{L}\p{N}]/u.test(character)) return undefined;
    } else if (special.test(character)) {
      return undefined;
    }
    prefix += character;
  }
  return prefix === '' ? undefined : prefix;
}

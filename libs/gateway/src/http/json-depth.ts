/** Whether a text of JSON has more levels of arrays and objects than that. It is looked through once, without recursion, and need not be valid. */
export function isNestedDeeper(json: string, levels: number): boolean {
  let level = 0;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at);
    else if (character === '[' || character === '{') {
      level += 1;
      if (level > levels) return true;
    } else if (character === ']' || character === '}') level -= 1;
  }
  return false;
}

/** @returns where the string that begins at `start` ends: its last quotation mark, or the end of the text */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}

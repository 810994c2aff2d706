/** Where a key named `__proto__` stands in what was read from JSON; undefined: nowhere. Without recursion: how deep a body is nested is for its sender to say. */
export function pathOfProto(root: unknown): string | undefined {
  // A text that only mentions the key is anybody's to send, before it is known who they are: looking must cost no more than reading it did.
  return hasProto(root) ? pathTo(root) : undefined;
}

function hasProto(root: unknown): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    const children: unknown[] = Array.isArray(value) ? value : Object.values(value);
    for (const child of children) if (typeof child === 'object' && child !== null) open.push(child);
  }
  return false;
}

/** Something in a body, and how it was come to. */
interface Step {
  value: object;
  key: string;
  from: Step | undefined;
}

function pathTo(root: unknown): string | undefined {
  const open: Step[] = [{ value: Object(root) as object, key: '', from: undefined }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (Object.hasOwn(step.value, '__proto__')) return pathText({ value: step.value, key: '__proto__', from: step });
    for (const [key, child] of Object.entries(step.value)) if (typeof child === 'object' && child !== null) open.push({ value: child as object, key, from: step });
  }
  return undefined;
}

function pathText(last: Step): string {
  const parts: string[] = [];
  for (let step = last; step.from !== undefined; step = step.from) parts.unshift(Array.isArray(step.from.value) ? `[${step.key}]` : `.${step.key}`);
  const path = parts.join('').replace(/^\./, '');
  // A path of that length helps nobody.
  return path.length > 500 ? `${path.slice(0, 200)}…${path.slice(-200)}` : path;
}

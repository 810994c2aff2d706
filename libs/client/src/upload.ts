type Parts = AsyncIterable<object | string | Uint8Array> | Iterable<object>;

/**
 * A file: as it is (text, bytes, `Blob`, a stream), or row by row: objects become lines of NDJSON, texts and bytes are taken as they come. What can be
 * read once only is sent once; a function that makes it anew is asked for each try.
 */
export type UploadSource = string | Uint8Array | Blob | ReadableStream<Uint8Array> | Parts;
export type Upload = UploadSource | (() => UploadSource);

/** Rows are sent some at a time. */
const partLength = 64 * 1024;

/** Whether it can be sent a second time. */
export function isRepeatable(upload: Upload): boolean {
  return typeof upload === 'string' || typeof upload === 'function' || upload instanceof Uint8Array || upload instanceof Blob || Array.isArray(upload);
}

/** What `fetch` takes. */
export function bodyOf(upload: Upload): NonNullable<RequestInit['body']> {
  const source = typeof upload === 'function' ? upload() : upload;
  if (typeof source === 'string' || source instanceof Blob || source instanceof ReadableStream) return source;
  if (source instanceof Uint8Array) return new Blob([source.slice()]);
  return streamOf(source);
}

function streamOf(rows: Parts): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let lines = '';
      while (lines.length < partLength) {
        const next: IteratorResult<object | string | Uint8Array, unknown> = await iterator.next();
        const isBytes = next.done !== true && next.value instanceof Uint8Array;
        if (next.done !== true && !isBytes) {
          lines += typeof next.value === 'string' ? next.value : `${JSON.stringify(next.value)}\n`;
          continue;
        }
        if (lines !== '') controller.enqueue(encoder.encode(lines));
        if (next.done === true) return controller.close();
        const bytes = next.value as Uint8Array;
        if (bytes.length > 0) return controller.enqueue(bytes);
        lines = '';
      }
      controller.enqueue(encoder.encode(lines));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

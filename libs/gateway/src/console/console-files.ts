import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file of the console in each form that it was built in. Its name holds a hash of its content. */
export interface ConsoleFile {
  type: string;
  etag: string;
  forms: ReadonlyMap<Encoding, Buffer>;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const endings: Readonly<Record<string, Encoding>> = { '.br': 'br', '.gz': 'gzip' };

/** What `tools/build-console.mjs` made, read once: it is small, and nothing of it changes while a process runs. */
export class ConsoleFiles {
  private constructor(
    /** The page, with a place for the nonce of its styles. */
    readonly page: string,
    private readonly files: ReadonlyMap<string, ConsoleFile>,
  ) {}

  /** @returns undefined where the console is not built */
  static read(folder: string): ConsoleFiles | undefined {
    try {
      const assets = join(folder, 'assets');
      const files = new Map<string, ConsoleFile & { forms: Map<Encoding, Buffer> }>();
      for (const name of readdirSync(assets).sort()) {
        const encoding = endings[extname(name)] ?? 'identity';
        const plain = encoding === 'identity' ? name : name.slice(0, -extname(name).length);
        const type = types[extname(plain)];
        if (type === undefined) continue;
        const file = files.get(plain) ?? { type, etag: `"${plain}"`, forms: new Map() };
        file.forms.set(encoding, readFileSync(join(assets, name)));
        files.set(plain, file);
      }
      return new ConsoleFiles(readFileSync(join(folder, 'index.html'), 'utf8'), files);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** @param name below `/console/assets/` */
  asset(name: string): ConsoleFile | undefined {
    return this.files.get(name);
  }
}

/** The smallest form that the request takes. */
export function formOf({ forms }: ConsoleFile, acceptEncoding: string): { encoding: Encoding; bytes: Buffer } {
  for (const encoding of ['br', 'gzip', 'identity'] as const) {
    const bytes = forms.get(encoding);
    if (bytes !== undefined && (encoding === 'identity' || accepts(acceptEncoding, encoding))) return { encoding, bytes };
  }
  throw new Error('A file of the console has no plain form.');
}

function accepts(header: string, encoding: string): boolean {
  return new RegExp(`(^|[,\\s])${encoding}(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))(?=[\\s,;]|$)`, 'i').test(header);
}

import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unquoted } from './quotes.ts';
import type { LoadOptions } from './spec.ts';
import { openTemporaryFolder, temporaryFailure } from './temporary.ts';
import {
  cutGzip,
  decoderOf,
  emptyFile,
  guessedEncoding,
  markedEncoding,
  refuseControls,
  refuseNul,
  unknownBytes,
} from './text.ts';

/** As much of a text tells its delimiter and its header. */
export const HEAD: number = 1 << 18;

/** Up to this size a text is mended in memory, which is quicker. */
export const PIECEWISE_FROM: number = 1 << 26;
/** A packed text is about so many times longer once unpacked. */
const PACKED = 8;
const PIECE = 1 << 20;

/** A text that a parser reads as it stands. */
export interface LargeText {
  readonly file: string;
  /** Its beginning. */
  readonly head: string;
  /** The same text without quotation marks that quote nothing, as a file; see `withoutQuotes`. */
  unquoted(cells: number): Promise<string | undefined>;
}

/** Whether a text is mended in pieces, on its way from file to file. */
export async function isLarge(
  full: string,
  { bounded, piecewiseFrom = PIECEWISE_FROM }: LoadOptions,
): Promise<boolean> {
  if (bounded !== true) return false;
  const { size } = await stat(full);
  return (isPacked(full) ? size * PACKED : size) > piecewiseFrom;
}

/** Hands `work` a text that was mended as `prepareText` mends it, without ever holding all of it. */
export async function withLargeText<T>(
  path: string,
  full: string,
  options: LoadOptions,
  work: (text: LargeText) => Promise<T>,
): Promise<T> {
  const folder = await openTemporaryFolder();
  try {
    const seen = await look(path, full);
    const encoding = encodingOf(path, seen, options);
    const marked = seen.head[0] === 0xef && seen.head[1] === 0xbb && seen.head[2] === 0xbf;
    const verbatim = !isPacked(full) && encoding === 'utf-8' && seen.utf8 && !marked && !seen.returns;
    const file = verbatim ? full : join(folder.path, 'data');
    if (!verbatim) await write(file, plainLines(path, full, encoding));
    const head = await beginningOf(file);
    if (verbatim) refuseNul(path, seen.nul);
    refuseControls(path, head.subarray(0, 1 << 16));
    if (seen.blank) throw emptyFile(path);
    return await work({
      file,
      head: head.subarray(0, HEAD).toString('utf8'),
      unquoted: (cells) => withoutQuotes(file, join(folder.path, 'bare'), cells),
    });
  } finally {
    await folder.remove();
  }
}

/** What one pass over a text tells of it. */
interface Seen {
  readonly head: Buffer;
  readonly utf8: boolean;
  readonly returns: boolean;
  readonly blank: boolean;
  /** Where the first NUL byte is, or −1. */
  readonly nul: number;
}

async function look(path: string, full: string): Promise<Seen> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const valid = (piece: Buffer | undefined): boolean => {
    try {
      decoder.decode(piece, { stream: piece !== undefined });
      return true;
    } catch {
      return false;
    }
  };
  let [head, utf8, returns, blank, nul, at] = [Buffer.alloc(0), true, false, true, -1, 0];
  for await (const piece of contentOf(path, full)) {
    if (head.length < 1 << 16) head = Buffer.concat([head, piece.subarray(0, 1 << 16)]);
    utf8 &&= valid(piece);
    returns ||= piece.includes(13);
    blank &&= piece.every((byte) => byte <= 0x20);
    if (nul < 0 && piece.includes(0)) nul = at + piece.indexOf(0);
    at += piece.length;
  }
  if (at === 0) throw emptyFile(path);
  return { head, utf8: utf8 && valid(undefined), returns, blank, nul };
}

function encodingOf(path: string, { head, utf8, nul }: Seen, options: LoadOptions): string {
  const said = options.encoding ?? markedEncoding(head);
  if (said !== undefined) return said;
  if (utf8) return 'utf-8';
  refuseNul(path, nul);
  refuseControls(path, head.subarray(0, 1 << 16));
  return guessedEncoding(path, options);
}

/** UTF-8 with line ends \n, without a byte order mark. */
async function* plainLines(path: string, full: string, encoding: string): AsyncGenerator<Buffer> {
  const decoder = decoderOf(path, encoding);
  const decode = (piece?: Buffer): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (cause) {
      throw unknownBytes(path, encoding, cause);
    }
  };
  let [held, at] = ['', 0];
  const mend = (text: string): Buffer => {
    const bytes = Buffer.from(text.replaceAll(/\r\n?/g, '\n'));
    const nul = bytes.indexOf(0);
    refuseNul(path, nul < 0 ? -1 : at + nul);
    at += bytes.length;
    return bytes;
  };
  for await (const piece of contentOf(path, full)) {
    const text = held + decode(piece);
    // What follows a \r at the end of a piece says whether it is a line end of its own.
    held = text.endsWith('\r') ? '\r' : '';
    yield mend(held === '' ? text : text.slice(0, -1));
  }
  yield mend(held + decode());
}

/** As `withoutQuotes` of a text in memory. */
async function withoutQuotes(file: string, bare: string, cells: number): Promise<string | undefined> {
  let [quotes, fits] = [false, true];
  const lines = async function* (): AsyncGenerator<string> {
    for await (const some of linesOf(file)) {
      const kept = some.filter((line) => line !== '').map((line) => line.split('\t'));
      fits &&= kept.every((parts) => parts.length === cells);
      quotes ||= some.some((line) => line.includes('"'));
      if (!fits) return;
      if (kept.length > 0) yield `${kept.map((parts) => parts.map(unquoted).join('\t')).join('\n')}\n`;
    }
  };
  await write(bare, lines());
  return quotes && fits ? bare : undefined;
}

/** The lines of a plain text, many at a time. */
async function* linesOf(file: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const piece of createReadStream(file, { highWaterMark: PIECE })) {
    const lines = (rest + decoder.decode(piece as Buffer, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield lines;
  }
  yield [rest];
}

/** The bytes of a file, unpacked. */
async function* contentOf(path: string, full: string): AsyncGenerator<Buffer> {
  const stored = createReadStream(full, { highWaterMark: PIECE });
  if (!isPacked(full)) return yield* stored as AsyncIterable<Buffer> as AsyncGenerator<Buffer>;
  const unpacked = createGunzip({ chunkSize: PIECE });
  stored.on('error', (error) => unpacked.destroy(error));
  try {
    yield* stored.pipe(unpacked) as AsyncIterable<Buffer> as AsyncGenerator<Buffer>;
  } catch (cause) {
    throw cutGzip(path, cause);
  } finally {
    stored.destroy();
  }
}

async function write(file: string, parts: AsyncIterable<string | Buffer>): Promise<void> {
  await pipeline(Readable.from(parts), createWriteStream(file)).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOSPC' ? temporaryFailure(cause) : cause;
  });
}

async function beginningOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const isPacked = (path: string): boolean => path.toLowerCase().endsWith('.gz');

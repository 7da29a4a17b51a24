import { isUtf8 } from 'node:buffer';
import { open, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PolytaskError } from '../../common/error.ts';
import type { SourceOptions } from './spec.ts';

/** Beyond this size a file is handed to DuckDB as it stands, which reads UTF-8 with regular line ends. */
const WHOLE_FILE_LIMIT = 1.5e9;

/** A text file ready for a parser: UTF-8, line ends \n, no byte order mark. */
export interface PreparedText {
  readonly bytes: Buffer;
  /** Whether `bytes` are all of the file exactly as it stands on the disk. */
  readonly verbatim: boolean;
  /** False where the file is so large that `bytes` are its first lines only. */
  readonly whole: boolean;
}

/**
 * Reads a text file and mends what parsers stumble over: compression, encodings, byte order marks, and the three
 * kinds of line ends, mixed or not.
 */
export async function prepareText(path: string, full: string, options: SourceOptions): Promise<PreparedText> {
  const handle = await open(full);
  try {
    const { size } = await handle.stat();
    if (size > WHOLE_FILE_LIMIT && !path.endsWith('.gz')) {
      const head = Buffer.alloc(1 << 20);
      await handle.read(head, 0, head.length, 0);
      return { bytes: head.subarray(0, head.lastIndexOf(10) + 1), verbatim: true, whole: false };
    }
  } finally {
    await handle.close();
  }
  const stored = await readFile(full);
  const unpacked = path.toLowerCase().endsWith('.gz') ? await unpack(path, stored) : stored;
  if (unpacked.length === 0) throw emptyFile(path);
  const text = decode(path, unpacked, options);
  refuseBinary(path, text);
  const bytes = withPlainLineEnds(text);
  if (bytes.every((byte) => byte <= 0x20)) throw emptyFile(path);
  return { bytes, verbatim: bytes === stored, whole: true };
}

export function emptyFile(path: string): PolytaskError {
  return new PolytaskError('source-empty', {
    path,
    expected: 'a header and rows',
    found: 'an empty file',
    help: 'Check what was meant to write this file.',
  });
}

async function unpack(path: string, stored: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(stored);
  } catch (cause) {
    throw cutGzip(path, cause);
  }
}

export function cutGzip(path: string, cause: unknown): PolytaskError {
  return new PolytaskError('source-corrupt', {
    path,
    expected: 'a whole gzip file',
    found: cause instanceof Error ? cause.message : String(cause),
    help: 'Copy or download the file again; `gzip -t` tells whether it is intact.',
    cause,
  });
}

function decode(path: string, bytes: Buffer, options: SourceOptions): Buffer {
  if (options.encoding !== undefined) return decodeAs(path, bytes, options.encoding);
  const marked = markedEncoding(bytes);
  if (marked !== undefined) return decodeAs(path, bytes, marked);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
  if (isUtf8(bytes)) return bytes;
  refuseBinary(path, bytes);
  return decodeAs(path, bytes, guessedEncoding(path, options));
}

/** The encoding that a byte order mark of UTF-16 tells. */
export function markedEncoding(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

/** What is taken where a text is not UTF-8; the user is told. */
export function guessedEncoding(path: string, options: SourceOptions): string {
  options.warn?.({
    code: 'encoding-guessed',
    message: `${path} is not UTF-8; it was read as Windows-1252 (which covers ISO-8859-1).`,
    help: 'If accented letters look wrong, say the encoding, such as `encoding: "iso-8859-2"`.',
  });
  return 'windows-1252';
}

function decodeAs(path: string, bytes: Buffer, encoding: string): Buffer {
  const decoder = decoderOf(path, encoding);
  try {
    return Buffer.from(decoder.decode(bytes));
  } catch (cause) {
    throw unknownBytes(path, encoding, cause);
  }
}

/** @throws `source-encoding` for a name that is none */
export function decoderOf(path: string, encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw new PolytaskError('source-encoding', {
      path,
      expected: 'an encoding that TextDecoder knows: utf-8, utf-16le, iso-8859-1, windows-1252, shift_jis, …',
      found: encoding,
      help: 'See https://encoding.spec.whatwg.org/#names-and-labels for the list.',
      cause,
    });
  }
}

export function unknownBytes(path: string, encoding: string, cause: unknown): PolytaskError {
  return new PolytaskError('source-encoding', {
    path,
    expected: `text in ${encoding}`,
    found: 'bytes that this encoding does not have',
    help: 'Leave `encoding` out to have it detected, or name the right one.',
    cause,
  });
}

function refuseBinary(path: string, bytes: Buffer): void {
  refuseNul(path, bytes.indexOf(0));
  refuseControls(path, bytes.subarray(0, 1 << 16));
}

/** A NUL byte betrays a binary file. @param at where the first is, or −1 */
export function refuseNul(path: string, at: number): void {
  if (at >= 0) throw binary(path, `a NUL byte at ${at}`);
}

/** Other control characters that no text has do so too, where there are many. */
export function refuseControls(path: string, head: Buffer): void {
  let controls = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 27)) controls++;
  if (controls > head.length / 100) throw binary(path, `${controls} control characters`);
}

function binary(path: string, found: string): PolytaskError {
  return new PolytaskError('source-corrupt', {
    path,
    expected: 'text',
    found,
    help: 'This is a binary or damaged file; if it is UTF-16 text, say `encoding: "utf-16le"`.',
  });
}

function withPlainLineEnds(bytes: Buffer): Buffer {
  if (!bytes.includes(13)) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte !== 13) out[length++] = byte;
    else if (bytes[i + 1] !== 10) out[length++] = 10;
  }
  return out.subarray(0, length);
}

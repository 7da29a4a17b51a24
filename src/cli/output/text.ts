import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { inPieces, type TextFormat } from './formats.ts';
import type { ColumnWriter } from './write.ts';

/** Writes a text format into a file. */
export async function openText(path: string, format: TextFormat): Promise<ColumnWriter> {
  const file = await open(path, 'w');
  const { write, end } = writing(format, async (piece) => void (await file.write(piece)));
  return {
    write,
    finish: async () => {
      await end();
      await file.sync().catch((error: NodeJS.ErrnoException) => {
        // Pipes and terminals have nothing to bring to a disk.
        if (error.code !== 'EINVAL') throw error;
      });
      await file.close();
    },
    abandon: () => file.close(),
  };
}

/** Writes a text format to stdout. */
export function toStdout(format: TextFormat): ColumnWriter {
  let open = false;
  const { write, end } = writing(format, async (piece) => {
    open = !piece.endsWith('\n');
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
  });
  return {
    write,
    finish: end,
    // What is said next is a line of its own.
    abandon: async () => void (open && process.stdout.write('\n')),
  };
}

function writing(
  format: TextFormat,
  put: (piece: string) => Promise<void>,
): { write: ColumnWriter['write']; end(): Promise<void> } {
  let first = true;
  const all = async (parts: Iterable<string>): Promise<void> => {
    for (const piece of inPieces(parts)) await put(piece);
  };
  return {
    write: async (columns) => {
      if (first) await all([format.begin(columns)]);
      await all(format.rows(columns, first));
      first = false;
    },
    end: () => all([format.end]),
  };
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, test } from 'vitest';
import { load } from '../serving/index.ts';
import { openFiles } from '../serving/model-place.ts';
import { filesOf, GRAPH, MANIFEST, manifestOf, packModel, readArtefact, unpackModel } from './index.ts';

const fixtures = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'polytask-artefact-'));
afterAll(() => rmSync(temporary, { recursive: true }));

/** The files of a fixture. */
function fixture(name: string): Map<string, Uint8Array> {
  const folder = join(fixtures, name);
  const names = readdirSync(folder).filter((file) => file !== 'predictions.json');
  return new Map(names.map((file) => [file, new Uint8Array(readFileSync(join(folder, file)))]));
}

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** The first format's files with a manifest of today. */
function withManifest(name: string): Map<string, Uint8Array> {
  const files = fixture(name);
  return files.set(MANIFEST, text(manifestOf(files, 'test')));
}

describe('a model in one file', () => {
  test('gives back the files that went in', () => {
    const names = fc.uniqueArray(
      fc.stringMatching(/^[a-z]{1,8}\.(json|onnx)$/).filter((name) => name !== GRAPH),
      { minLength: 1, maxLength: 4 },
    );
    const bytes = fc.uint8Array({ maxLength: 300 });
    const graph = fixture('format-1/wide').get(GRAPH)!;
    fc.assert(
      fc.property(
        names.chain((list) => fc.tuple(fc.constant(list), fc.array(bytes, { minLength: 4, maxLength: 4 }))),
        ([list, contents]) => {
          const files = new Map([[GRAPH, graph], ...list.map((name, i) => [name, contents[i]!] as const)]);
          expect(unpackModel(packModel(files), 'it')).toEqual(files);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is an ONNX model that predicts as the graph alone', async () => {
    const files = withManifest('format-1/wide');
    const [plain, packed] = await Promise.all(
      [files.get(GRAPH)!, packModel(files)].map((bytes) => InferenceSession.create(bytes)),
    );
    const { graph } = (await readArtefact(filesOf('it', files))).signature;
    const feeds = Object.fromEntries(
      graph.inputs.map(({ name, dtype, shape }) => {
        const width = Number(shape[1] ?? 1);
        const data =
          dtype === 'int32'
            ? new Int32Array(2 * width).fill(1)
            : Float32Array.from({ length: 2 * width }, (_, i) => i / 3);
        return [
          name,
          new Tensor(dtype as 'float32', data as Float32Array, [2, ...(shape.slice(1) as number[])]),
        ];
      }),
    );
    const numbers = async (session: InferenceSession): Promise<unknown> =>
      Object.entries(await session.run(feeds)).map(([name, { data }]) => [name, [...(data as Float32Array)]]);
    const expected = await numbers(plain!);
    expect(expected).toHaveLength(graph.outputs.length);
    expect(await numbers(packed!)).toEqual(expected);
  });

  test.each(['wide', 'long'])('a %s one is loaded like its folder', async (layout) => {
    const path = join(temporary, `${layout}.onnx`);
    writeFileSync(path, packModel(withManifest(`format-1/${layout}`)));
    await expectPredictions(path, `format-1/${layout}`);
  });

  test.each([
    ['what is no ONNX model', () => new TextEncoder().encode('age,income\n1,2\n')],
    ['nothing', () => new Uint8Array()],
    ['an ONNX model of somebody else', () => fixture('format-1/wide').get(GRAPH)!],
    ['one that was cut short', () => packModel(withManifest('format-1/wide')).slice(0, -40)],
  ])('%s is refused', (_, bytes) => {
    expect(() => unpackModel(bytes(), 'it.onnx')).toThrow(expect.objectContaining({ code: 'model-invalid' }));
  });

  test('no bytes at all make it throw anything but our error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          unpackModel(bytes, 'it');
        } catch (error) {
          expect(error).toMatchObject({ code: 'model-invalid' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('checksums', () => {
  test.each(['signature.json', 'encoders.json', GRAPH])('a changed %s is refused', async (name) => {
    const files = withManifest('format-1/wide');
    const changed = Uint8Array.from(files.get(name)!);
    const at = changed.length >> 1;
    changed[at] = changed[at]! ^ 1;
    await expect(readArtefact(filesOf('it', files.set(name, changed)))).rejects.toMatchObject({
      code: 'model-invalid',
      path: `it/${name}`,
      found: 'another checksum: it was altered',
    });
    files.delete(name);
    await expect(readArtefact(filesOf('it', files))).rejects.toMatchObject({ found: 'no file' });
  });

  test('a file that was cut short says so', async () => {
    const files = withManifest('format-1/wide');
    files.set(GRAPH, files.get(GRAPH)!.slice(0, 100));
    await expect(readArtefact(filesOf('it', files))).rejects.toMatchObject({
      found: '100 bytes: it was cut short or altered',
    });
  });
});

describe('formats', () => {
  test.each(['wide', 'long'])('a %s model of the first format predicts what it did', async (layout) => {
    await expectPredictions(join(fixtures, 'format-1', layout), `format-1/${layout}`);
  });

  test.each([3, '2', null])('format %j is refused', async (format) => {
    const files = fixture('format-1/wide');
    const signature = JSON.parse(new TextDecoder().decode(files.get('signature.json'))) as object;
    files.set('signature.json', text({ ...signature, format }));
    await expect(readArtefact(filesOf('it', files))).rejects.toMatchObject({
      code: 'model-invalid',
      help: 'A later version wrote it: update polytask to read it.',
    });
  });

  test.each([
    ['signature.json', '[]'],
    ['signature.json', '{"format": 1}'],
    ['signature.json', 'nothing'],
    ['encoders.json', '{"encoders": [{"kind": "later", "column": "a"}]}'],
    ['encoders.json', '{}'],
  ])('%s that holds %s is refused', async (name, content) => {
    const files = fixture('format-1/wide').set(name, new TextEncoder().encode(content));
    await expect(readArtefact(filesOf('it', files))).rejects.toMatchObject({ code: 'model-invalid' });
  });

  test('a folder that is not there is refused', async () => {
    await expect(openFiles(join(temporary, 'none'))).rejects.toMatchObject({ code: 'model-invalid' });
  });
});

/** A model predicts what it predicted when the fixture was made. */
async function expectPredictions(path: string, name: string): Promise<void> {
  const asked = JSON.parse(readFileSync(join(fixtures, name, 'predictions.json'), 'utf8')) as {
    rows: Record<string, unknown>[];
    predictions: Record<string, Record<string, unknown>>[];
  };
  const model = await load(path);
  const found = await model.predict(asked.rows);
  await model.close();
  const rounded = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, one) =>
      typeof one === 'number' ? Number(one.toPrecision(5)) : one,
    );
  expect(rounded(found)).toEqual(rounded(asked.predictions));
}

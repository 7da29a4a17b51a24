import { expect, test } from 'vitest';
import { probeRuntimes } from './report.ts';

test('every runtime is reported, with its version or the reason why not', async () => {
  const reports = await probeRuntimes({ threads: 1 });
  expect(reports.map(({ name }) => name)).toEqual(['native', 'wasm', 'webgpu']);
  expect(reports[0]).toMatchObject({
    available: true,
    threads: 1,
    version: expect.stringMatching(/^onnxruntime-node 1/),
  });
  expect(reports[1]).toMatchObject({
    available: true,
    threads: 1,
    version: expect.stringMatching(/^onnxruntime-web 1/),
  });
  for (const { available, reason } of reports) expect(available || (reason ?? '').length > 0).toBe(true);
});

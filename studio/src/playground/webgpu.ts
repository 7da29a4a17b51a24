/** Why this browser cannot train on WebGPU, in words; undefined where it can. */
export async function withoutWebGpu(): Promise<string | undefined> {
  // Not there in older browsers, nor where a page came over an open network.
  const gpu: GPU | undefined = navigator.gpu;
  if (gpu === undefined) return 'This browser has no WebGPU.';
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter === null ? 'This browser finds no graphics adapter for WebGPU.' : undefined;
}

/** What ONNX Runtime says of a step that failed, without its own places in the code. */
export const reasonOf = (found: string): string => found.replace(/^.*(?:was false\. | : FAIL : )/s, '');

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { RUNTIMES } from './choices.ts';
import { Select } from './fields.tsx';
import type { Playground } from './store.ts';
import { withoutWebGpu } from './webgpu.ts';
import './runtime-choice.css';

/** On what it trains; what this browser does not have cannot be chosen, and the reason stands below. */
export function RuntimeChoice({ of: playground }: { of: Playground }): JSX.Element {
  const [missing, setMissing] = useState<string>();
  // Asked once the reader reaches for the choice: it wakes the graphics card.
  const look = (): void => void withoutWebGpu().then(setMissing);
  const { runtime } = playground.settings.value;
  const retreated = playground.retreated.value;
  return (
    <div onFocusIn={look} onPointerEnter={look}>
      <Select
        label="Runtime"
        value={runtime}
        of={RUNTIMES}
        without={missing === undefined ? [] : ['webgpu']}
        onChange={(runtime) => playground.change({ runtime })}
      />
      {retreated && (
        <p class="hint trouble" role="alert">
          WebGPU failed: {retreated} Training goes on in WebAssembly.
        </p>
      )}
      {missing && !retreated && (
        <p class="hint" role="status">
          {missing}
        </p>
      )}
      {runtime === 'webgpu' && (
        <p class="hint">
          The first pass is slow: shaders are compiled. Models as small as these are quicker in WebAssembly.
        </p>
      )}
    </div>
  );
}

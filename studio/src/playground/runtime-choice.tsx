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
  return (
    <div onFocusIn={look} onPointerEnter={look}>
      <Select
        label="Runtime"
        value={runtime}
        of={RUNTIMES}
        without={missing === undefined ? [] : ['webgpu']}
        onChange={(runtime) => playground.change({ runtime })}
      />
      {missing && (
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

/** Why it does not train on what was chosen. */
export function Retreat({ of: playground }: { of: Playground }): JSX.Element | null {
  const because = playground.retreated.value;
  if (because === undefined) return null;
  return (
    <p class="trouble retreat" role="alert">
      WebGPU failed: {because} Training goes on in WebAssembly.
    </p>
  );
}

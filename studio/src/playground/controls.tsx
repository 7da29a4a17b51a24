import type { JSX } from 'preact';
import { chooseSharing } from '../../../src/model/index.ts';
import { CONDITIONING, OBJECTIVES, SAMPLING, SHARING, SPEEDS } from './choices.ts';
import { DroppedFile } from './dropped-file.tsx';
import { Select, Whole } from './fields.tsx';
import { PROBLEMS } from './problems/index.ts';
import { RuntimeChoice } from './runtime-choice.tsx';
import { RANGES, type Settings, within } from './settings.ts';
import type { Playground } from './store.ts';
import { TurnOf } from './turns.tsx';

const TITLES = Object.values(PROBLEMS).map(({ name, title }) => [name, title] as const);

/** All that can be chosen. */
export function Choices({ of: playground }: { of: Playground }): JSX.Element {
  const settings = playground.settings.value;
  const problem = PROBLEMS[settings.problem];
  const set =
    <K extends keyof Settings>(key: K) =>
    (value: Settings[K]): void => {
      const near = key in RANGES ? within(key as keyof typeof RANGES, value as number) : value;
      playground.change({ [key]: near });
    };
  return (
    <form class="choices" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>Problem</legend>
        <div class="fields">
          <Select label="Tasks" value={settings.problem} of={TITLES} onChange={set('problem')} />
          {settings.problem === 'table' && <DroppedFile of={playground} />}
          {problem?.turns.map((key) => (
            <TurnOf key={key} of={playground} by={key} />
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>Model</legend>
        <div class="fields">
          <Select label="Sharing" value={settings.sharing} of={SHARING} onChange={set('sharing')} />
          <Select
            label="Conditioning on the task"
            value={settings.conditioning}
            of={CONDITIONING}
            disabled={isSeparate(settings.sharing)}
            onChange={set('conditioning')}
          />
          <TurnOf of={playground} by="width" />
          <TurnOf of={playground} by="depth" />
        </div>
      </fieldset>
      <fieldset>
        <legend>Training</legend>
        <div class="fields">
          <Select label="Objective" value={settings.objective} of={OBJECTIVES} onChange={set('objective')} />
          <Select label="Rows of a step" value={settings.sampling} of={SAMPLING} onChange={set('sampling')} />
          <TurnOf of={playground} by="rate" />
          <Whole label="Seed" value={settings.seed} least={0} onChange={set('seed')} />
          <Select
            label="Speed"
            value={String(settings.speed)}
            of={SPEEDS}
            onChange={(passes) => set('speed')(Number(passes))}
          />
          <Whole label="Passes over the rows" value={settings.epochs} least={1} onChange={set('epochs')} />
          <RuntimeChoice of={playground} />
        </div>
      </fieldset>
    </form>
  );
}

/** Of what the address asks for, which may be nothing that there is. */
function isSeparate(sharing: string): boolean {
  try {
    return chooseSharing(sharing).sharing.separate === true;
  } catch {
    return false;
  }
}

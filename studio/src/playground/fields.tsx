import type { JSX } from 'preact';
import type { Choice } from './choices.ts';

interface Field<T> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

/** One of some values, `without` those that cannot be chosen; what the address asks for is among them, whatever it is. */
export function Select({
  label,
  value,
  onChange,
  of,
  disabled,
  without = [],
}: Field<string> & { of: readonly Choice[]; without?: readonly string[] }): JSX.Element {
  const all = of.some(([own]) => own === value) ? of : [...of, [value, value] as const];
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} disabled={disabled} onChange={(event) => onChange(event.currentTarget.value)}>
        {all.map(([own, title]) => (
          <option key={own} value={own} selected={own === value} disabled={without.includes(own)}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Slider({
  label,
  value,
  onChange,
  least,
  most,
  step,
  shown = String(value),
}: Field<number> & { least: number; most: number; step: number; shown?: string }): JSX.Element {
  return (
    <label class="field">
      <span>
        {label} <b>{shown}</b>
      </span>
      <input
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-label={label}
        aria-valuetext={shown}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}

export function Whole({ label, value, onChange, least }: Field<number> & { least: number }): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        min={least}
        step={1}
        value={value}
        onChange={(event) => {
          if (event.currentTarget.checkValidity()) onChange(event.currentTarget.valueAsNumber);
        }}
      />
    </label>
  );
}

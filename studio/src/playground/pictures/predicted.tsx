import type { JSX } from 'preact';
import type { Picture } from '../problems/problem.ts';
import { Digits } from './digits.tsx';
import { Fitted } from './fitted.tsx';
import { Scatter } from './scatter.tsx';
import { Surface } from './surface.tsx';

export interface Shown<P> {
  readonly picture: P;
  readonly task: number;
  /** Of the rows that the picture is made of; absent before the first step. */
  readonly values: Float32Array | undefined;
}

/** What the model predicts for one task, as its problem pictures it. */
export function Predicted({ picture, ...rest }: Shown<Picture>): JSX.Element | null {
  switch (picture.kind) {
    case 'curves':
      return <Fitted picture={picture} {...rest} />;
    case 'plane':
      return <Surface picture={picture} {...rest} />;
    case 'digits':
      return <Digits picture={picture} {...rest} />;
    case 'scatter':
      return <Scatter picture={picture} {...rest} />;
    default:
      return null;
  }
}

/** One of the pictures. */
export type PictureOf<K extends Picture['kind']> = Extract<Picture, { kind: K }>;

import { anyOptions, type Sharing } from '../sharing.ts';
import { mmoe, omoe } from './mmoe.ts';
import { cgc, ple } from './ple.ts';

/** Sharings that mix experts by gates. */
export const EXPERTS_SHARINGS: readonly Sharing[] = [
  anyOptions(omoe),
  anyOptions(mmoe),
  anyOptions(cgc),
  anyOptions(ple),
];

import { anyOptions, type Sharing } from '../sharing.ts';
import { crossStitch } from './cross-stitch.ts';
import { mtan } from './mtan.ts';
import { sluice } from './sluice.ts';

/** Sharings that mix the layers of task networks. */
export const STITCHING_SHARINGS: readonly Sharing[] = [
  anyOptions(crossStitch),
  anyOptions(sluice),
  anyOptions(mtan),
];

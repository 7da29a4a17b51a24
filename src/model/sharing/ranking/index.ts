import { anyOptions, type Sharing } from '../sharing.ts';
import { youtube } from './youtube.ts';

/** Sharings made for ranking from implicit feedback. */
export const RANKING_SHARINGS: readonly Sharing[] = [anyOptions(youtube)];

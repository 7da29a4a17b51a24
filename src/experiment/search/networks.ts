import type { Candidate } from './candidate.ts';

/** Networks to begin with, for one model and for each task alone: the first is what the run says itself. */
export const NETWORKS: readonly Candidate[] = [
  { name: 'as configured', settings: {} },
  {
    name: 'periodic',
    settings: { model: { numeric: 'periodic', hidden: [256, 128], dropout: 0.1 } },
  },
  { name: 'small', settings: { model: { hidden: [64], dropout: 0.4 } } },
  { name: 'resnet', settings: { model: { encoder: 'resnet', hidden: [128, 128], dropout: 0.2 } } },
  {
    name: 'piecewise',
    settings: { model: { numeric: 'piecewise-linear', hidden: [256, 128], dropout: 0.2 } },
  },
  { name: 'wide', settings: { model: { hidden: [512, 256], dropout: 0.4 } } },
  {
    name: 'ensemble',
    settings: { model: { encoder: 'ensemble:members=8', hidden: [256, 256], dropout: 0.1 } },
  },
  { name: 'linear', settings: { model: { hidden: [], dropout: 0 } } },
];

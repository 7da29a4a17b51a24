export type { Diagnosis } from './diagnosis.ts';

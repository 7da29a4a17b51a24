import { add as sum } from '../../engine/index.ts';
import { type Conditioning, places } from './conditioning.ts';

/** h + z V: every task shifts the values that all tasks compute. */
export const add: Conditioning = {
  name: 'add',
  title: 'Addition',
  about: 'h + z V: a task shifts what all tasks compute.',
  options: { at: places(['input']) },
  parts: () => [{ name: 'shift', start: 'uniform' }],
  join: (h, [shift]) => sum(h, shift!),
};

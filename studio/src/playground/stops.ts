/** One stop of a short course: what is set, one thing to try, and what to see. */
export interface Stop {
  readonly title: string;
  /** The query of the address that it opens. */
  readonly query: string;
  readonly attempt: string;
  readonly see: string;
}

/** The course; what each claims holds for the first three seeds. */
export const STOPS: readonly Stop[] = [
  {
    title: 'Two tasks, one body',
    query: '',
    attempt: 'Play. Move the width while it learns, and watch who owns θ.',
    see: 'Nearly all of θ is shared; each task owns one small head. Dashed is what each task reaches alone, with a body of its own.',
  },
  {
    title: 'A descriptor that is concatenated is added',
    query: '?conditioning=concat',
    attempt:
      'Play. Switch the conditioning to None and back while it learns, and read the size of the shared part.',
    see: 'It grows by width × tasks: [x, z]·(W; U) = xW + zU. A one-hot z adds one vector a task before the first activation, no more.',
  },
  {
    title: 'Gates',
    query: '?related=0&sharing=mmoe:experts=4',
    attempt: 'Play to the end; then move the cosine to 1, and play again.',
    see: 'Tasks that go different ways use the four experts in different shares; tasks that are the same come to use them alike.',
  },
  {
    title: 'Soft sharing',
    query: '?related=0.8&labels=0.1&sharing=soft',
    attempt: 'Play to the end; then compare with Independent and with Shared bottom.',
    see: 'Each task has a network of its own, pulled towards a common one: the task with few labels leans on the other, and stays below its dashed line.',
  },
  {
    title: 'Weights of losses',
    query: '?objective=uncertainty',
    attempt: 'Play, and look at the weights inside.',
    see: 'As a loss falls, its learned variance does, and its weight 1/(2σ²) rises: the weights follow the losses.',
  },
  {
    title: 'The worst case',
    query: '?labels=0.1&objective=min-max',
    attempt: 'Play, and look at the weights inside.',
    see: 'In each step all weight is on the task with the larger loss; over a pass it jumps between the two.',
  },
  {
    title: 'Which task is drawn',
    query: '?labels=0.1&sampling=uniform',
    attempt: 'Compare with "Rows as they come".',
    see: 'Drawn as often as the other, the task with a tenth of the labels meets each of its rows ten times as often: its training loss is near 0 within fifty passes.',
  },
  {
    title: 'Negative transfer',
    query: '?related=0&width=4',
    attempt: 'Play to the end; then double the width and play again, and once more.',
    see: 'Four units are not enough for two directions: both tasks end above their dashed line. It is width that they fight for.',
  },
  {
    title: 'Overfitting',
    query: '?related=1&rows=60&noise=0.6',
    attempt: 'Play, then give it more rows.',
    see: 'The training loss goes to 0 while the error on other rows rises. Two tasks with labels on the same few rows cannot save each other.',
  },
  {
    title: 'Which tasks together',
    query: '?related=1&labels=0.1',
    attempt: 'Play, reset, and play again with the cosine at 0.',
    see: 'A task with few labels gains much from one that is the same, and nothing from one that goes across.',
  },
];

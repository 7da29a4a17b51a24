/** What a schedule remembers between validations: plain JSON, saved with a checkpoint. */
export type ScheduleState = Readonly<Record<string, number | null>>;

/** A learning rate over time, as a multiple of the base rate. Pure: whatever it remembers is handed to it. */
export interface Schedule {
  readonly name: string;
  readonly initial: ScheduleState;
  /**
   * What the base rate is multiplied by.
   *
   * @param step counted from 1
   */
  multiplier(step: number, state: ScheduleState): number;
  /** The state after a validation; the same state where the schedule does not listen. */
  observe(state: ScheduleState, value: number): ScheduleState;
}

/** A schedule that depends on the step alone. */
export function fixedSchedule(name: string, multiplier: (step: number) => number): Schedule {
  return { name, initial: {}, multiplier, observe: (state) => state };
}

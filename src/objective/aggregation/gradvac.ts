import { number } from '../../common/options.ts';
import type { Aggregation } from './aggregation.ts';
import { aggregation } from './define.ts';
import { othersInOrder } from './pcgrad.ts';

interface GradvacOptions {
  readonly beta: number;
}

interface GradvacState {
  /** ρ, the cosine that is expected of each pair of tasks, [T, T]. */
  readonly goals: readonly number[];
  readonly tasks: number;
}

/**
 * Gradient vaccine: each pair of tasks has a goal ρᵢⱼ, the moving average of its cosine φᵢⱼ. In random order, where
 * φᵢⱼ = cos(pᵢ, gⱼ) < ρᵢⱼ: pᵢ += ‖pᵢ‖(ρ√(1−φ²) − φ√(1−ρ²)) / (‖gⱼ‖√(1−ρ²)) gⱼ, after which the cosine is ρ; then
 * ρᵢⱼ ← (1−β)ρᵢⱼ + βφᵢⱼ; d = Σ pᵢ. With ρ = 0, as in the first step, it is gradient surgery.
 */
export const gradvac: Aggregation<GradvacOptions, GradvacState> = aggregation({
  name: 'gradvac',
  title: 'Gradient vaccine',
  about: 'Turns gradients towards each other until each pair is as alike as it usually is.',
  paper:
    'Z. Wang, Y. Tsvetkov, O. Firat, Y. Cao: Gradient vaccine: investigating and improving multi-task optimization in massively multilingual models. ICLR 2021.',
  needs: 'gramian',
  options: {
    beta: number({
      default: 0.01,
      max: 1,
      about: 'How fast the expected cosines follow those that are seen.',
    }),
  },
  init: (tasks) => ({ goals: new Array<number>(tasks * tasks).fill(0), tasks }),
  weigh: (batch, state, { beta }) => {
    const { gramian, size } = batch;
    const goals = [...state.goals];
    const weights = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const along = gramian.slice(i * size, (i + 1) * size);
      let square = along[i]!;
      weights[i]! += 1;
      for (const j of othersInOrder(batch, i)) {
        const other = gramian[j * size + j]!;
        if (!(square > 0 && other > 0)) continue;
        const place = batch.tasks[i]! * state.tasks + batch.tasks[j]!;
        const goal = goals[place]!;
        const cosine = Math.min(1, Math.max(-1, along[j]! / Math.sqrt(square * other)));
        goals[place] = (1 - beta) * goal + beta * cosine;
        if (cosine >= goal || goal >= 1) continue;
        const open = Math.sqrt(1 - goal * goal);
        const turn =
          (Math.sqrt(square / other) * (goal * Math.sqrt(1 - cosine * cosine) - cosine * open)) / open;
        weights[j]! += turn;
        square = Math.max(0, square + turn * (2 * along[j]! + turn * other));
        for (let k = 0; k < size; k++) along[k]! += turn * gramian[j * size + k]!;
      }
    }
    return { weights, state: { ...state, goals } };
  },
});

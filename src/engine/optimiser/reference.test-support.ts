import type { AdagradOptions } from './adagrad.ts';
import type { AdamOptions } from './adam.ts';
import type { OptimiserSpec } from './registry.ts';
import type { RmspropOptions } from './rmsprop.ts';
import type { SgdOptions } from './sgd.ts';

/** A written-out update of one element: `step(θ, g, t, η, masked)` → θ. */
export type Reference = (theta: number, g: number, t: number, rate: number, decays: boolean) => number;

/** The textbook update of one element in double precision, with the state that it keeps. */
export function reference(spec: OptimiserSpec): Reference {
  switch (spec.kind) {
    case 'sgd':
      return sgd(spec);
    case 'adagrad':
      return adagrad(spec);
    case 'rmsprop':
      return rmsprop(spec);
    case 'adam':
      return adam(spec, false);
    case 'adamw':
      return adam({ weightDecay: 1e-2, ...spec }, true);
  }
}

function sgd({ momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 }: SgdOptions): Reference {
  let buffer: number | undefined;
  return (theta, g, _t, rate, decays) => {
    if (decays) g += weightDecay * theta;
    if (momentum > 0) {
      buffer = buffer === undefined ? g : momentum * buffer + (1 - dampening) * g;
      g = nesterov ? g + momentum * buffer : buffer;
    }
    return theta - rate * g;
  };
}

function adagrad(options: AdagradOptions): Reference {
  const { learningRateDecay = 0, initialAccumulator = 0, epsilon = 1e-10, weightDecay = 0 } = options;
  let sum = initialAccumulator;
  return (theta, g, t, rate, decays) => {
    if (decays) g += weightDecay * theta;
    sum += g * g;
    return theta - ((rate / (1 + (t - 1) * learningRateDecay)) * g) / (Math.sqrt(sum) + epsilon);
  };
}

function rmsprop(options: RmspropOptions): Reference {
  const { smoothing = 0.99, momentum = 0, centred = false, epsilon = 1e-8, weightDecay = 0 } = options;
  let [square, mean, buffer] = [0, 0, 0];
  return (theta, g, _t, rate, decays) => {
    if (decays) g += weightDecay * theta;
    square = smoothing * square + (1 - smoothing) * g * g;
    mean = smoothing * mean + (1 - smoothing) * g;
    const average = Math.sqrt(centred ? square - mean * mean : square) + epsilon;
    buffer = momentum * buffer + g / average;
    return theta - rate * buffer;
  };
}

function adam(options: AdamOptions, decoupled: boolean): Reference {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  let [first, second] = [0, 0];
  return (theta, g, t, rate, decays) => {
    if (decays && decoupled) theta -= rate * weightDecay * theta;
    if (decays && !decoupled) g += weightDecay * theta;
    first = beta1 * first + (1 - beta1) * g;
    second = beta2 * second + (1 - beta2) * g * g;
    const firstHat = first / (1 - beta1 ** t);
    const secondHat = second / (1 - beta2 ** t);
    return theta - (rate * firstHat) / (Math.sqrt(secondHat) + epsilon);
  };
}

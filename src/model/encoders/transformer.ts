import { PolytaskError } from '../../common/error.ts';
import { integer } from '../../common/options.ts';
import {
  add,
  concat,
  expand,
  rank,
  reshape,
  scope,
  slice,
  squeeze,
  type Tensor,
} from '../../engine/index.ts';
import { attend, denseOf } from '../attention.ts';
import type { Encoder, FeatureReader } from '../encoder.ts';
import { ACTIVATIONS, dropped, type MlpOptions, type Mode, normed } from '../layers.ts';
import type { LayerView, ParameterView } from '../view.ts';
import { anyOptions, type EncoderFamily } from './family.ts';

interface TransformerOptions {
  readonly width: number;
  readonly heads: number;
}

/**
 * Features as tokens that attend to each other, and one token more that sums them up. A block is
 * t ← t + attention(norm t), t ← t + W₂ drop(a(W₁ norm(t) + b₁)) + b₂, with a hidden size of the trunk inside; the first
 * attention goes without its norm. After the last block the representation is a(norm(t)) of the summing token. Below it
 * the tokens of a row stand side by side.
 *
 * Y. Gorishniy, I. Rubachev, V. Khrulkov, A. Babenko: Revisiting deep learning models for tabular data. NeurIPS 2021
 * (FT-Transformer).
 */
export const transformer: EncoderFamily = anyOptions<TransformerOptions>({
  name: 'transformer',
  title: 'Feature tokenizer and transformer',
  about: 'Features as tokens that attend to each other, in a block for each hidden size.',
  options: {
    width: integer({ default: 32, min: 1, about: 'Width of tokens.' }),
    heads: integer({ default: 4, min: 1, about: 'Heads of every attention; they divide the width.' }),
  },
  check: ({ width, heads }) => {
    if (width % heads === 0) return;
    throw new PolytaskError('encoder-invalid', {
      path: 'model.encoder.heads',
      expected: `a divisor of the width, ${width}`,
      found: String(heads),
      help: 'Heads are equal parts of the width.',
    });
  },
  encoder: transformerEncoder,
});

function transformerEncoder(
  features: FeatureReader,
  shape: MlpOptions,
  options: TransformerOptions,
): Encoder {
  const { hidden } = shape;
  const { width } = options;
  const isLast = (index: number): boolean => index === hidden.length - 1;
  return {
    ...features,
    inputs: (view, batch) => sideBySide(withSummary(view, features.tokens(view, batch, width))),
    name: 'transformer',
    hidden,
    widths: hidden.map((_, index) => (isLast(index) ? width : (features.columns + 1) * width)),
    unitwise: false,
    linear: () => false,
    layer: (index, view, h, mode, name = 'transformer') => {
      const at = `${name}/${index}`;
      const tokens = reshape(h, [...h.shape.slice(0, -1), (h.shape.at(-1) as number) / width, width]);
      const own = ofTokens(view, rank(tokens));
      return scope(at, () => {
        if (!isLast(index)) return sideBySide(block(own, tokens, tokens, index, at, shape, options, mode));
        const summary = block(own, first(tokens), tokens, index, at, shape, options, mode);
        return ACTIVATIONS[shape.activation].apply(normed(view, squeeze(summary, -2), `${at}/end`));
      });
    },
    resized: (sizes) => transformerEncoder(features, { ...shape, hidden: sizes }, options),
  };
}

/** How the tokens of a row see parameters, [..., batch, n, ·] or joined to [..., batch · n, ·]: their axis is a layer's own. */
function ofTokens(view: LayerView, axes: number): LayerView {
  return {
    parameter: (name, shape, options) => {
      const all = view.parameter(name, [1, ...shape], { ...options, rank: axes });
      return options.rank === axes ? all : squeeze(all, -3);
    },
  };
}

/** The tokens of a row, with a learned one in front. */
function withSummary(view: ParameterView, tokens: Tensor): Tensor {
  const leaf = view.parameter('tokens/summary', [1, 1, tokens.shape.at(-1) as number], {
    initialiser: { kind: 'normal', deviation: SUMMARY_DEVIATION },
    decays: false,
    rank: rank(tokens),
  });
  const summary = view.rowwise ? squeeze(leaf, -3) : leaf;
  return concat([expand(summary, [...tokens.shape.slice(0, -2), 1, tokens.shape.at(-1)!]), tokens], -2);
}

const SUMMARY_DEVIATION = 0.02;

/**
 * A block before whose parts stands a norm.
 *
 * @param asking the tokens that go on, [..., batch, m, width]
 * @param tokens those that are looked at, [..., batch, n, width]; the first m of them ask
 */
function block(
  view: LayerView,
  asking: Tensor,
  tokens: Tensor,
  index: number,
  at: string,
  { hidden, activation, dropout }: MlpOptions,
  { width, heads }: TransformerOptions,
  mode: Mode,
): Tensor {
  const { apply, gain } = ACTIVATIONS[activation];
  // A norm would hide how large a number is, which the first tokens say by their length.
  const keys = index === 0 ? tokens : normed(view, tokens, at);
  const queries = asking === tokens ? keys : first(keys);
  const seen = add(asking, attend(view, `${at}/attention`, queries, keys, heads).value);
  const inner = denseOf(view, normed(view, seen, `${at}/inner`), {
    name: `${at}/inner`,
    units: hidden[index]!,
    gain,
  });
  const active = dropped(apply(inner), dropout, mode, at);
  return add(seen, denseOf(view, active, { name: `${at}/outer`, units: width }));
}

/** The token that sums a row up. */
const first = (tokens: Tensor): Tensor => slice(tokens, -2, 0, 1);

/** [..., n, width] → [..., n · width]. */
function sideBySide(tokens: Tensor): Tensor {
  const [count, width] = tokens.shape.slice(-2) as [number, number];
  return reshape(tokens, [...tokens.shape.slice(0, -2), count * width]);
}

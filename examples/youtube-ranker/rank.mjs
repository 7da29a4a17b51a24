// Ranking from clicks that the position biased: viewers click what is on top, whatever it is.
//
//   node rank.mjs
//
// The sharing `youtube` learns clicks and likes in one model, a mixture of experts that does not see the position. What
// the position does is learned by a shallow tower beside it. When it ranks, the position is unknown: it is yet to be
// chosen.
import { rmSync } from 'node:fs';
import { binary, fit } from 'polytask';
import { examination, makeFeed, POSITIONS } from './feed.mjs';

const out = new URL('./run', import.meta.url).pathname;

/** Learns clicks and likes from pages of a feed. */
async function learn(sharing, exclude) {
  rmSync(out, { recursive: true, force: true });
  return fit({
    data: makeFeed(1500, 1).flat(),
    tasks: { click: binary(), like: binary() },
    // Nobody knows what is relevant; it is in the rows to check the ranking by.
    exclude: ['relevant', ...exclude],
    model: { sharing, hidden: [32, 16], dropout: 0 },
    training: { maxEpochs: 12, learningRate: 0.003 },
    seeds: 1,
    baseline: false,
    out,
  });
}

/** The share of pairs of a page, one relevant and one not, that a model puts in the right order. */
async function rightOrder(model) {
  const pages = makeFeed(400, 2);
  // No position: nothing has been shown yet.
  const rows = pages
    .flat()
    .map(({ interest, topic, minutes, age_days }) => ({ interest, topic, minutes, age_days }));
  const predictions = await model.predict(rows);
  let [right, pairs] = [0, 0];
  pages.forEach((page, p) => {
    const scored = page.map(({ relevant }, i) => ({
      relevant,
      score: predictions[p * POSITIONS + i].click.probability,
    }));
    for (const good of scored.filter(({ relevant }) => relevant))
      for (const bad of scored.filter(({ relevant }) => !relevant)) {
        pairs++;
        right += good.score > bad.score ? 1 : good.score === bad.score ? 0.5 : 0;
      }
  });
  return right / pairs;
}

const ranker = await learn({ name: 'youtube', position: ['position'], experts: 4 }, []);

// The tower's logit at each position, against the first, beside what the viewers did.
const table = ranker.result.multi.watched.find(({ name }) => name === 'position bias');
const click = table.columns.indexOf('click');
const bias = (position) => table.values[0][table.rows.indexOf(String(position))][click];
for (let position = 1; position <= POSITIONS; position++) {
  const learned = (bias(position) - bias(1)).toFixed(2);
  console.log(
    `position ${position}: learned ${learned}, log(examination) ${Math.log(examination(position)).toFixed(2)}`,
  );
}
console.log(`right order, position taken out: ${(await rightOrder(ranker.model)).toFixed(3)}`);
await ranker.model.close();

// The same mixture of experts, which takes clicks for what they seem.
const naive = await learn({ name: 'mmoe', experts: 4, bottom: 1 }, ['position']);
console.log(`right order, position ignored: ${(await rightOrder(naive.model)).toFixed(3)}`);
await naive.model.close();
rmSync(out, { recursive: true, force: true });

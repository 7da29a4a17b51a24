// A feed of videos as a website would log it: what was shown, where, and what came of it.

export const POSITIONS = 8;
/** How likely a viewer looks at a position at all; a ranker never gets to see this. */
export const examination = (position) => 1 / position;

const TOPICS = ['music', 'news', 'sports', 'cooking'];

/** Numbers in [0, 1), the same ones every time (mulberry32). */
function uniforms(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Viewers like their own topic, and short videos; how new a video is has no part in it. */
function relevance({ interest, topic, minutes }) {
  return Math.min(0.9, (interest === topic ? 0.75 : 0.15) + (minutes < 10 ? 0.15 : 0));
}

/** `count` pages of videos for one viewer each; `relevant` is what nobody knows, to check the ranking by. */
export function makeFeed(count, seed) {
  const random = uniforms(seed);
  const any = (values) => values[Math.floor(random() * values.length)];
  return Array.from({ length: count }, () => {
    const interest = any(TOPICS);
    const page = Array.from({ length: POSITIONS }, () => ({
      interest,
      topic: any(TOPICS),
      minutes: Math.round(1 + 30 * random()),
      age_days: Math.round(60 * random()),
    }));
    // The ranker of today puts new videos on top, which is why position and age hang together.
    const shown = page
      .map((video) => ({ video, order: video.age_days + 25 * random() }))
      .sort((a, b) => a.order - b.order);
    return shown.map(({ video }, i) => {
      const relevant = random() < relevance(video);
      const click = relevant && random() < examination(i + 1);
      const like = click && random() < 0.3;
      return { ...video, position: i + 1, click, like, relevant };
    });
  });
}

/** Both side by side, means over the splits that both have measured; of trees the better way for each figure. */
export function table(problems, trees, polytask) {
  const rows = Object.entries(problems).flatMap(([name, { figures }]) => {
    const own = polytask.filter(({ problem }) => problem === name);
    const splits = own.map(({ split }) => split);
    const others = trees.filter(({ problem, seed }) => problem === name && splits.includes(seed));
    if (own.length === 0 || others.length === 0) return [];
    const ways = [...new Set(others.map(({ way }) => way))];
    return Object.keys(figures).map((figure) => {
      const found = mean(own.map((one) => one.figures[figure]));
      const best = ways
        .map((way) => ({
          way,
          value: mean(others.filter((one) => one.way === way).map((one) => one.figures[figure])),
        }))
        .reduce((a, b) => (b.value > a.value ? b : a));
      const change = (100 * (found / best.value - 1)).toFixed(2);
      return `| ${name} | ${figure} | ${best.value.toFixed(4)} (${best.way}) | ${found.toFixed(4)} | ${change} % | ${own.length} |`;
    });
  });
  return ['| problem | figure | trees | Polytask | | splits |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

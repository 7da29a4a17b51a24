"""What boosted trees reach: scikit-learn's HistGradientBoosting, one model a target, on the splits of split.mjs.

    python3 -m venv /tmp/trees && /tmp/trees/bin/pip install pandas scikit-learn
    /tmp/trees/bin/python benchmarks/trees/trees.py [DATA-FOLDER] [SEEDS]

Writes benchmarks/results/trees.json. 300 iterations, otherwise the defaults of the library; trees learn from all rows
that do not test. Categories are told in two ways: as the positions of their values in alphabetical order ("ordinal"),
which trees take for numbers, and as categories ("native"; values beyond the 254 that the library takes stay ordinal).
Where a column is the task, as in landmine and school, one model over all tasks reads it like any other column
("pooled"), or each task has a model of its own ("alone").
"""

import json
import os
import platform
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score

ROOT = Path(__file__).resolve().parents[2]
PROBLEMS = json.loads((Path(__file__).parent / "problems.json").read_text())


def hashed(seed, rows):
    """A number in [0, 1) of each row, as `share` in split.mjs."""
    mask = np.uint64(0xFFFFFFFF)
    with np.errstate(over="ignore"):
        row = np.arange(1, rows + 1, dtype=np.uint64)
        bits = (np.uint64(seed + 1) * np.uint64(0x9E3779B9) + row * np.uint64(0x85EBCA6B)) & mask
        bits ^= bits >> np.uint64(16)
        bits = (bits * np.uint64(0x7FEB352D)) & mask
        bits ^= bits >> np.uint64(15)
        bits = (bits * np.uint64(0x846CA68B)) & mask
        bits ^= bits >> np.uint64(16)
    return bits.astype(float) / 2**32


def is_text(column):
    return not pd.api.types.is_numeric_dtype(column)


def ordinal(inputs):
    """Each text as the position of its value; a missing one is missing."""
    codes = {name: pd.Categorical(column).codes for name, column in inputs.items() if is_text(column)}
    return inputs.assign(**{name: np.where(own < 0, np.nan, own) for name, own in codes.items()})


def native(inputs):
    few = [name for name, column in inputs.items() if is_text(column) and column.nunique() <= 254]
    return ordinal(inputs.drop(columns=few)).join(inputs[few].astype("category"))[list(inputs)]


ENCODINGS = {"ordinal": ordinal, "native": native}


def model(kind, encoding):
    family = HistGradientBoostingRegressor if kind == "regression" else HistGradientBoostingClassifier
    categories = "from_dtype" if encoding == "native" else None
    return family(max_iter=300, random_state=0, categorical_features=categories)


def predicted(fitted, kind, inputs):
    """A number, the probability of the second class, or the likeliest class."""
    return fitted.predict_proba(inputs)[:, 1] if kind == "auc" else fitted.predict(inputs)


METRICS = {"auc": roc_auc_score, "r2": r2_score, "accuracy": accuracy_score}


def learn(inputs, target, train, test, metric, encoding):
    """Predictions of the test rows by a model of the labelled training rows."""
    kind = "regression" if metric == "r2" else "classes"
    train = train[target.notna().to_numpy()[train]]
    fitted = model(kind, encoding).fit(inputs.iloc[train], target.iloc[train])
    return predicted(fitted, metric, inputs.iloc[test])


def wide(problem, table, train, test, encoding):
    """{target: metric}, one model a target."""
    inputs = ENCODINGS[encoding](table.drop(columns=[*problem["tasks"], *problem["exclude"]]))
    values = {}
    for name, metric in problem["tasks"].items():
        judged = test[table[name].notna().to_numpy()[test]]
        outputs = learn(inputs, table[name], train, judged, metric, encoding)
        values[name] = METRICS[metric](table[name].iloc[judged], outputs)
    return values


def long(problem, table, train, test, encoding):
    """{target: metric} of rows whose task is a column: AUC as the mean over tasks, R² over all rows."""
    by = problem["by"]
    ((name, metric),) = problem["tasks"].items()
    inputs = table.drop(columns=[name])
    task = table[by].to_numpy()
    if encoding == "alone":
        outputs = np.zeros(len(test))
        for one in np.unique(task[test]):
            own = task[test] == one
            outputs[own] = learn(inputs, table[name], train[task[train] == one], test[own], metric, encoding)
    else:
        outputs = learn(inputs, table[name], train, test, metric, encoding)
    truth = table[name].to_numpy()[test]
    if metric == "r2":
        return {name: r2_score(truth, outputs)}
    parts = [(truth[task[test] == one], outputs[task[test] == one]) for one in np.unique(task[test])]
    return {name: float(np.mean([roc_auc_score(*part) for part in parts if len(set(part[0])) == 2]))}


def figures(problem, values):
    """The figures of a problem: means of some targets' metrics."""
    return {name: float(np.mean([values[target] for target in of])) for name, of in problem["figures"].items()}


def run(folder, seeds):
    results = []
    for name, problem in PROBLEMS.items():
        table = pd.read_csv(folder / problem["file"], low_memory=False)
        ways = ["pooled", "alone"] if "by" in problem else ["ordinal", "native"]
        for seed in seeds:
            shares = hashed(seed, len(table))
            train, test = np.flatnonzero(shares >= 0.2), np.flatnonzero(shares < 0.2)
            for way in ways:
                started = time.perf_counter()
                values = (long if "by" in problem else wide)(problem, table, train, test, way)
                results.append(
                    {
                        "problem": name,
                        "seed": seed,
                        "way": way,
                        "rows": {"train": len(train), "test": len(test)},
                        "figures": figures(problem, values),
                        "values": values,
                        "seconds": round(time.perf_counter() - started, 2),
                    }
                )
                print(json.dumps({key: results[-1][key] for key in ("problem", "seed", "way", "figures", "seconds")}), flush=True)
    return results


def main():
    warnings.filterwarnings("ignore")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "../shared/data"
    seeds = [int(seed) for seed in (sys.argv[2] if len(sys.argv) > 2 else "0,1,2").split(",")]
    report = {
        "model": "HistGradientBoosting, max_iter=300",
        "machine": {
            "date": time.strftime("%Y-%m-%d"),
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "scikit-learn": sklearn.__version__,
        },
        "results": run(folder, seeds),
    }
    (ROOT / "benchmarks/results/trees.json").write_text(json.dumps(report, indent=2) + "\n")


main()

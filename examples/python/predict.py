"""Predicts with ONNX Runtime alone: a model of Polytask in one file is an ONNX model that says itself how rows are encoded.

    node train.mjs
    pip install onnxruntime numpy
    python predict.py

This encodes numbers, booleans and categories; what else encoders.json may hold is in docs/artefact.md.
"""

import json
import os

import numpy
import onnxruntime

here = os.path.dirname(os.path.abspath(__file__))
session = onnxruntime.InferenceSession(os.path.join(here, "cafe.onnx"))
metadata = session.get_modelmeta().custom_metadata_map
signature = json.loads(metadata["polytask.signature.json"])
encoders = json.loads(metadata["polytask.encoders.json"])["encoders"]


def encode(row):
    """The features of a row: numbers side by side in the order of the encoders, and a code for each category."""
    numbers, codes = [], []
    for encoder in encoders:
        value = row.get(encoder["column"])
        if encoder["kind"] == "numeric":
            if encoder["transform"]["name"] != "standard" or encoder["edges"] or encoder["indicator"]:
                raise NotImplementedError(f"{encoder['column']}: {encoder}")
            scaling, clip = encoder["scaling"], encoder["clip"]
            z = 0 if value is None else (value / scaling["unit"] - scaling["mean"]) / scaling["deviation"]
            numbers.append(max(-clip, min(clip, z)))
        elif encoder["kind"] == "boolean" and not encoder["indicator"]:
            numbers.append(0 if value is None else 1 if value else -1)
        elif encoder["kind"] == "categorical" and "values" in encoder:
            # 0 is missing or never seen, 1 is rare.
            codes.append(
                encoder["values"].index(value) + 2
                if value in encoder["values"]
                else int(value in encoder["rareValues"])
            )
        else:
            raise NotImplementedError(f"{encoder['column']}: {encoder['kind']}")
    return numbers, codes


with open(os.path.join(here, "days.json"), encoding="utf-8") as file:
    days = json.load(file)
rows = [encode(day) for day in days["days"]]
features = {
    "numeric": numpy.array([numbers for numbers, _ in rows], dtype=numpy.float32),
    "categorical": numpy.array([codes for _, codes in rows], dtype=numpy.int32),
}
names = [task["output"] for task in signature["tasks"]]
cups, queue = session.run(names, features)

for i, (day, expected) in enumerate(zip(days["days"], days["predictions"])):
    print(f"{day['weekday']} {day['temperature']}: {cups[i, 0]:.1f} cups, a queue with {queue[i, 0]:.3f}")
    # What Polytask itself predicted.
    assert abs(cups[i, 0] - expected["cups"]["value"]) < 1e-3
    assert abs(queue[i, 0] - expected["queue"]["probability"]) < 1e-5

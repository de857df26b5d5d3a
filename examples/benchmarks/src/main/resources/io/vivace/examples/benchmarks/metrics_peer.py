"""The scikit-learn side of the suite "metrics".

Reads the arrays in the folder given, says "ready" with its version, then for each name on a line
of standard input runs the call once and answers with its seconds and its value.
"""
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn import metrics

warnings.filterwarnings("ignore")
folder = sys.argv[1]


def ints(name):
    return np.fromfile(folder + "/" + name, dtype="<i4")


def doubles(name):
    return np.fromfile(folder + "/" + name, dtype="<f8")


truth = ints("truth")
scores = doubles("scores")
classes = ints("classes")
predicted = ints("predicted")
probabilities = doubles("probabilities").reshape(len(classes), -1)
few_truth = truth[:10_000]
few_scores = scores[:10_000]
random = np.random.default_rng(42)


def bootstrap():
    values = []
    for _ in range(200):
        rows = random.integers(0, len(few_truth), len(few_truth))
        values.append(metrics.roc_auc_score(few_truth[rows], few_scores[rows]))
    return np.mean(values)


def report():
    return metrics.classification_report(classes, predicted, output_dict=True)["macro avg"][
        "f1-score"
    ]


calls = {
    "roc-auc": lambda: metrics.roc_auc_score(truth, scores),
    "average-precision": lambda: metrics.average_precision_score(truth, scores),
    "log-loss": lambda: metrics.log_loss(classes, probabilities),
    "classification-report": report,
    "bootstrap-auc": bootstrap,
}
print("ready scikit-learn " + sklearn.__version__, flush=True)
for line in sys.stdin:
    call = calls[line.strip()]
    begin = time.perf_counter()
    value = call()
    seconds = time.perf_counter() - begin
    print(repr(seconds) + " " + repr(float(value)), flush=True)

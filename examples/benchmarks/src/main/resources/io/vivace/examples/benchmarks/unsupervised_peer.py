"""The scikit-learn side of the suite "unsupervised".

Reads the digits from the folder given, says "ready" with its version, then for each line of standard
input ("kmeans SEED", "pca", "error") does it once and answers with its seconds and its value. "pca"
leaves the components in the folder.
"""
import sys
import time

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

folder = sys.argv[1]
digits = np.fromfile(folder + "/digits", dtype="<f8").reshape(-1, 64)
held_out = np.arange(len(digits)) % 3 == 2
training = digits[~held_out]
judged = digits[held_out]


def run(call):
    if call[0] == "kmeans":
        return KMeans(10, n_init=10, random_state=int(call[1])).fit(digits).inertia_
    pca = PCA(16, svd_solver="full").fit(training)
    if call[0] == "pca":
        pca.components_.astype("<f8").tofile(folder + "/components")
        return pca.explained_variance_ratio_.sum()
    return ((judged - pca.inverse_transform(pca.transform(judged))) ** 2).mean()


print("ready sklearn-" + sklearn.__version__, flush=True)
for line in sys.stdin:
    begin = time.perf_counter()
    value = run(line.split())
    print(time.perf_counter() - begin, value, flush=True)

# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   studyguide:
#     title: Precision, recall and two curves by hand
#     summary: >-
#       Precision, recall, F1, ROC and average precision from counting alone. A loop over rows
#       gives a different answer each time the file is sorted; one point per threshold gives
#       scikit-learn's.
#     minutes: 25
#     rounds: [notebook-coding, ml-fundamentals]
#     topics: [from-scratch, metric-choice, sanity-checks]
#     cards: [metric-by-hand, roc-auc-vs-pr-auc]
# ---

# %% [markdown]
# # Precision, recall and two curves by hand
#
# > **Interviewer:** "Priya's notebook and our nightly job report different average precision for
# > one and the same file of 899 scores. Both were written by hand. Write the metrics yourself,
# > without a metrics library, and tell me who is wrong. You may check against scikit-learn at the
# > end."
#
# **Time box:** 25 minutes. First I would say: "I write the counts first, everything else is made of
# them. And I suspect ties: hand-made curves break on rows with equal scores."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn import metrics
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

images, digit = load_digits(return_X_y=True)
fit_images, test_images, fit_labels, labels = train_test_split(
    images, (digit == 8).astype(int), test_size=0.5, stratify=digit, random_state=0
)
model = LogisticRegression(C=0.001, max_iter=1_000).fit(fit_images, fit_labels)
scores = model.predict_proba(test_images)[:, 1].round(1)  # the service logs one decimal
pd.Series(labels).groupby(scores).agg(["size", "sum"]).T.set_axis(["rows", "eights"])

# %% [markdown]
# The images are scikit-learn's handwritten digits, and the question is "is it an 8?". The table is
# worth a look before any metric: most rows share one of a few scores. Two decisions to say aloud:
#
# - A row is flagged when its score is **at or above** the threshold. Strictly above is as good,
#   but it is another metric wherever scores tie.
# - Precision of an empty list of alerts is undefined. I return NaN rather than 0, so that nobody
#   averages it in unseen. scikit-learn returns 0 and warns unless told otherwise.


# %% tags=["solution"]
# TASK: Write `counts(labels, scores, threshold)`, returning the integers (tp, fp, fn, tn) when
# rows with score >= threshold are flagged, and `precision_recall_f1(labels, scores, threshold)`,
# returning three floats. Precision is NaN when nothing is flagged; recall is NaN without
# positives. F1 is 2 tp / (2 tp + fp + fn), NaN when that is 0 / 0. No metrics library.
def counts(labels, scores, threshold):
    positive = np.asarray(labels) == 1
    flagged = np.asarray(scores) >= threshold
    tp = int((flagged & positive).sum())
    fp = int((flagged & ~positive).sum())
    return tp, fp, int(positive.sum()) - tp, int((~positive).sum()) - fp


def precision_recall_f1(labels, scores, threshold):
    tp, fp, fn, _ = counts(labels, scores, threshold)
    precision = tp / (tp + fp) if tp + fp else np.nan
    recall = tp / (tp + fn) if tp + fn else np.nan
    f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else np.nan
    return precision, recall, f1


# %% tags=["check"]
toy_labels, toy_scores = [1, 0, 1, 0, 0], [0.9, 0.5, 0.5, 0.5, 0.1]
assert tuple(counts(toy_labels, toy_scores, 0.5)) == (2, 2, 0, 1)
assert np.allclose(precision_recall_f1(toy_labels, toy_scores, 0.5), (1 / 2, 1, 2 / 3))
precision, recall, f1 = precision_recall_f1(toy_labels, toy_scores, 0.95)
assert np.isnan(precision) and recall == 0 and f1 == 0, "nothing flagged"
assert np.isnan(precision_recall_f1([0, 0], [0.2, 0.8], 0.5)[1]), "no positives"

# %% [markdown]
# Now average precision the way most people write it first, and I did too: sort by score, walk down
# the rows, note the precision at each positive, take the mean. I run it on the same rows in three
# orders.


# %%
def ap_row_by_row(labels, scores):
    ranked = labels[np.argsort(-scores, kind="stable")]
    precision_so_far = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return precision_so_far[ranked == 1].mean()


orders = {
    "as the file came": np.arange(len(labels)),
    "positives first": np.argsort(-labels, kind="stable"),
    "positives last": np.argsort(labels, kind="stable"),
}
by_row = {name: ap_row_by_row(labels[rows], scores[rows]) for name, rows in orders.items()}
pd.Series(by_row, name="Average precision, row by row").round(3).to_frame()

# %% [markdown]
# Same rows, same scores, three answers. Priya sorts her file by label, the job does not. Inside a
# tie no threshold can separate rows, so there is nothing to walk through: the list can only be cut
# between different scores. One point per distinct score, then.


# %% tags=["solution"]
# TASK: Write `curve_points(labels, scores)`. Return a DataFrame with one row per distinct score,
# from the highest down, and the columns `threshold`, `tp`, `fp`, `precision`, `recall`, `fpr`
# (share of negatives flagged), all for "flagged if score >= threshold". No metrics library; the
# order in which the rows come must not matter. Both classes are present.
def curve_points(labels, scores):
    frame = pd.DataFrame({"positive": labels, "threshold": scores})
    tied = frame.groupby("threshold")["positive"].agg(["sum", "size"]).sort_index(ascending=False)
    tp = tied["sum"].cumsum()
    fp = (tied["size"] - tied["sum"]).cumsum()
    points = pd.DataFrame(
        {
            "tp": tp,
            "fp": fp,
            "precision": tp / (tp + fp),
            "recall": tp / tp.iloc[-1],
            "fpr": fp / fp.iloc[-1],
        }
    )
    return points.reset_index()


# %% tags=["check"]
toy_points = curve_points(toy_labels, toy_scores)
assert toy_points["threshold"].tolist() == [0.9, 0.5, 0.1]
assert toy_points["tp"].tolist() == [1, 2, 2] and toy_points["fp"].tolist() == [0, 2, 3]
assert np.allclose(toy_points["precision"], [1, 1 / 2, 2 / 5])
assert np.allclose(toy_points["fpr"], [0, 2 / 3, 1]) and np.allclose(
    toy_points["recall"], [1 / 2, 1, 1]
)
points = curve_points(labels, scores)
pd.testing.assert_frame_equal(points, curve_points(labels[::-1], scores[::-1]))


# %% tags=["solution"]
# TASK: Write `roc_auc(points)` and `average_precision(points)` for a frame as `curve_points`
# returns it. ROC AUC: trapezoids under recall against fpr, starting at (0, 0); a tie is then a
# slanted edge. Average precision: the sum of precision times the growth of recall since the point
# before (recall starts at 0); steps, no trapezoids.
def roc_auc(points):
    fpr = np.concatenate([[0], points["fpr"]])
    recall = np.concatenate([[0], points["recall"]])
    return float(np.sum(np.diff(fpr) * (recall[1:] + recall[:-1]) / 2))


def average_precision(points):
    growth = np.diff(points["recall"], prepend=0)
    return float(np.sum(growth * points["precision"]))


# %% [markdown]
# A check that does not lean on any library: ROC AUC must be the share of pairs, one 8 and one other
# digit, in which the 8 scores higher, a tie counting one half. I can count the pairs. Average
# precision has a known answer too, when all scores are equal: the share of positives.

# %% tags=["check"]
eights, others = scores[labels == 1], scores[labels == 0]
higher = (eights[:, None] > others).mean()
tied = (eights[:, None] == others).mean()
assert np.isclose(roc_auc(points), higher + tied / 2)
flat = curve_points(labels, np.zeros(len(labels)))
assert np.isclose(average_precision(flat), labels.mean()) and np.isclose(roc_auc(flat), 0.5)

# %% tags=["evidence: matches-scikit-learn"]
precision, recall, f1 = precision_recall_f1(labels, scores, 0.5)
flagged = scores >= 0.5
comparison = pd.DataFrame(
    {
        "By hand": [precision, recall, f1, roc_auc(points), average_precision(points)],
        "scikit-learn": [
            metrics.precision_score(labels, flagged),
            metrics.recall_score(labels, flagged),
            metrics.f1_score(labels, flagged),
            metrics.roc_auc_score(labels, scores),
            metrics.average_precision_score(labels, scores),
        ],
    },
    index=[
        "Precision at 0.5",
        "Recall at 0.5",
        "F1 at 0.5",
        "ROC AUC",
        "Average precision",
    ],
)
agrees = np.isclose(comparison["By hand"], comparison["scikit-learn"], rtol=0, atol=1e-12)
comparison.round(4).assign(Same=np.where(agrees, "yes", "NO"))

# %% tags=["check"]
assert agrees.all()

# %% tags=["evidence: roc-and-pr-curves"] alt="Two panels for one set of scores. Left, the ROC curve climbs close to the top left corner. Right, precision falls steeply as recall grows. Dots from scikit-learn lie on the hand-made points of both curves"
fpr, tpr, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
library_precision, library_recall, _ = metrics.precision_recall_curve(labels, scores)

fig, (roc, pr) = plt.subplots(1, 2, gridspec_kw={"wspace": 0.3})
roc.plot([0, *points["fpr"]], [0, *points["recall"]], "-", color="C0", label="by hand")
roc.plot(fpr, tpr, "o", color="C2", markersize=4, label="scikit-learn")
roc.plot([0, 1], [0, 1], ":", color="C4", label="no skill")
roc.set(xlabel="share of others flagged", ylabel="recall", title="ROC")
pr.step([0, *points["recall"]], [1, *points["precision"]], "-", color="C0", where="pre")
pr.plot(library_recall, library_precision, "o", color="C2", markersize=4)
pr.axhline(labels.mean(), linestyle=":", color="C4")
pr.set(xlabel="recall", ylabel="precision", ylim=(0, 1.05), title="Precision and recall")
roc.legend(loc="lower right")
plt.show()

# %% [markdown]
# Both curves are drawn from the same counts. The ROC curve divides false alarms by the many other
# digits and looks finished; the precision curve divides them by the alerts and shows what a person
# who opens them gets. The PR points are joined by steps: where precision falls, a straight line
# would promise more than even tossing a coin between two thresholds can give.

# %% tags=["values"]
{
    "precision-at-half": f"{precision:.2f}",
    "recall-at-half": f"{recall:.2f}",
    "f1-at-half": f"{f1:.2f}",
    "roc-auc": f"{roc_auc(points):.3f}",
    "average-precision": f"{average_precision(points):.3f}",
    "ap-positives-first": f"{by_row['positives first']:.3f}",
    "ap-positives-last": f"{by_row['positives last']:.3f}",
    "no-skill-ap": f"{labels.mean():.3f}",
}

# %% [markdown]
# ## What I would say next
#
# Both were wrong. Priya's number is flattered by her sort order, the job's depends on the order of
# the day. I would replace both with the library call, and keep my pair count as a test, because it
# fails if anybody breaks ties again.
#
# What remains open is whether one decimal is wise: the ties are real, and they cost us choice of
# threshold. With another hour I would log more digits, resample the rows for an interval (there
# are few eights in the test half), and ask how many alerts a day somebody can open, since that
# picks the point on the curve.

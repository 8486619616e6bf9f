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
#     title: Masked attention that cannot see the future
#     summary: Attention in NumPy, checked against a plain loop. A mask put on the weights leaks the future; scores left unscaled collapse onto one key.
#     minutes: 25
#     rounds: [notebook-coding, deep-learning]
#     topics: [attention, from-scratch, numpy]
#     cards: [attention-in-numpy, attention]
# ---

# %% [markdown]
# # Masked attention that cannot see the future
#
# > **Interviewer:** Our next-event model does brilliantly in training and poorly when it generates.
# > Lena, who wrote its attention, swears that the causal mask is on: the upper triangle of her
# > weights is all zeros. Write the layer in NumPy, and test for the leak she may have.
#
# **Time box:** 25 minutes. I start with the test and not with the code: "If I change a later event,
# no earlier output may move at all."

# %%
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba

rng = np.random.default_rng(7)
length, width = 6, 8
queries, keys, values = rng.normal(size=(3, length, width))
causal = np.tril(np.ones((length, length), dtype=bool))  # row: who looks; column: who is seen
{"scores": (queries @ keys.T).shape, "output": (length, width)}

# %% [markdown]
# One head, one sequence, random numbers: enough for a test, and no claim about language. `True` in
# a mask means "may look". I say that aloud, because libraries disagree about it, and an inverted
# mask also runs.
#
# First the softmax. I subtract each row's maximum, so that `exp` never sees a large number; the
# result is the same. A row that may look at nothing has no largest score, and I decide what it
# returns: zeros.

# %% tags=["solution"]
# TASK: Write two functions.
# `masked_softmax(scores, mask)`: scores (..., n, m), mask boolean, broadcastable to scores, True =
#   may look -> weights of the shape of scores. Over the allowed entries of the last axis each row
#   is a softmax, elsewhere 0. A row with nothing allowed is all zeros. Stable: no overflow and no
#   NaN, also for scores near 1e4.
# `attention(Q, K, V, mask)`: Q (..., n, d), K (..., m, d), V (..., m, e) -> the pair (output (...,
#   n, e), weights (..., n, m)), with the scores divided by the square root of d.
def masked_softmax(scores, mask):
    scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    exped = np.exp(scores - np.where(np.isfinite(top), top, 0.0))
    total = exped.sum(axis=-1, keepdims=True)
    return exped / np.where(total > 0, total, 1.0)


def attention(Q, K, V, mask):
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])
    weights = masked_softmax(scores, mask)
    return weights @ V, weights


# %% [markdown]
# The referee is the definition, typed as slowly as possible: one query at a time, one key at a
# time, no shapes to get wrong. I also feed it a key padded away and a query that may look at
# nothing.


# %%
def attention_by_loop(Q, K, V, mask):
    output = np.zeros((len(Q), V.shape[1]))
    for i in range(len(Q)):
        seen = [j for j in range(len(K)) if mask[i, j]]
        if seen:
            scores = [sum(Q[i] * K[j]) / len(Q[i]) ** 0.5 for j in seen]
            weights = [np.exp(s - max(scores)) for s in scores]
            output[i] = sum(w * V[j] for w, j in zip(weights, seen, strict=True)) / sum(weights)
    return output


# %% tags=["check"]
padded = causal.copy()
padded[:, 2] = False  # event 2 is padding
padded[0, :] = False  # and event 0 may look at nothing
for mask in (causal, padded):
    output, weights = attention(queries, keys, values, mask)
    assert np.allclose(output, attention_by_loop(queries, keys, values, mask))
    assert np.allclose(weights.sum(axis=-1), mask.any(axis=-1))
    assert (weights[~mask] == 0).all()
with np.errstate(all="raise", under="ignore"):
    huge = masked_softmax(1e4 * queries @ keys.T, causal)
assert np.isfinite(huge).all()
batch = rng.normal(size=(3, 2, 4, 5, width))  # (Q K V), batch 2, heads 4
assert attention(*batch, np.tril(np.ones((5, 5), dtype=bool)))[0].shape == (2, 4, 5, width)

# %% [markdown]
# Now two versions that run, and that I have to tell from mine. Lena's takes the softmax over
# everything and zeroes the future afterwards. A second one, common in reviews, multiplies the
# scores by the mask before the softmax: a score of 0 is not "no", it is `exp(0) = 1`, a vote.


# %%
def mask_after_softmax(Q, K, V, mask):
    weights = masked_softmax(Q @ K.T / np.sqrt(Q.shape[-1]), np.ones_like(mask)) * mask
    return weights @ V, weights


def mask_times_scores(Q, K, V, mask):
    scores = (Q @ K.T / np.sqrt(Q.shape[-1])) * mask
    weights = masked_softmax(scores, np.ones_like(mask))
    return weights @ V, weights


# %% [markdown]
# The leak test is the one from my first sentence. I replace the last event, key and value both, by
# something loud, and measure how far the outputs before it move. Only zero will do.

# %% tags=["solution"]
# TASK: Write `leak(attend, Q, K, V)`: attend(Q, K, V, mask) -> (output, weights). Under the causal
# mask, replace the last row of K and of V by 10 times itself plus 5, and return the largest
# absolute change in all output rows but the last. Q, K and V themselves must stay unchanged.
def leak(attend, Q, K, V):
    mask = np.tril(np.ones((len(Q), len(K)), dtype=bool))
    K_loud, V_loud = K.copy(), V.copy()
    K_loud[-1], V_loud[-1] = 10 * K[-1] + 5, 10 * V[-1] + 5
    before, _ = attend(Q, K, V, mask)
    after, _ = attend(Q, K_loud, V_loud, mask)
    return np.abs(after[:-1] - before[:-1]).max()


# %% tags=["check"]
kept = keys.copy()
versions = (attention, mask_after_softmax, mask_times_scores)
leaks = {attend.__name__: leak(attend, queries, keys, values) for attend in versions}
assert (keys == kept).all(), "the keys were overwritten"
assert leaks["attention"] == 0.0
assert leaks["mask_after_softmax"] > 0.01
assert leaks["mask_times_scores"] > 0.01

# %% tags=["evidence: masked-weights"] alt="Three attention heat maps. Scores times mask: weight above the diagonal. Softmax then mask: a clean triangle whose rows are too pale. Masked softmax: a clean triangle whose rows are full"
fig, axes = plt.subplots(1, 3, figsize=(7.0, 2.8), layout="constrained")
panels = [
    ("scores times mask", mask_times_scores, "C1"),
    ("softmax, then mask", mask_after_softmax, "C1"),
    ("masked softmax", attention, "C0"),
]
for ax, (name, attend, colour) in zip(axes, panels, strict=True):
    weights = attend(queries, keys, values, causal)[1]
    shades = LinearSegmentedColormap.from_list(name, [to_rgba(colour, 0), to_rgba(colour, 1)])
    ax.pcolormesh(weights, cmap=shades, vmin=0, vmax=0.6, edgecolor="C4", linewidth=0.4)
    ax.set_title(name)
    ax.set_xlabel("event seen")
    ax.set_xticks(np.arange(length) + 0.5, range(length))
    ax.set_yticks(np.arange(length) + 0.5, [f"{total:.2f}" for total in weights.sum(axis=1)])
    ax.invert_yaxis()
    ax.grid(False)
axes[0].set_ylabel("sum of each row")
plt.show()

# %% [markdown]
# Lena is right about her triangle and wrong about the leak. The future still sits in her
# denominator: a loud later event makes every earlier row fainter. In training that is a hint about
# the answer; when the model generates, there is no later event, the hint is gone, and the rows have
# another size than it learned. Dividing each row by its sum would fix hers on paper, unless a loud
# later key has already pushed the allowed weights down to 0/0.
#
# The second thing I check is the division by the square root of d. With independent components of
# variance 1 a dot product of d terms has variance d, so unscaled scores grow with the width, and
# the softmax puts everything on one key.


# %%
def concentration(d, scale, n=200, m=64):
    draws = np.random.default_rng(d)
    Q, K = draws.normal(size=(n, d)), draws.normal(size=(n, m, d))
    scores = np.einsum("nd,nmd->nm", Q, K) * scale
    weights = masked_softmax(scores, np.ones((n, m), dtype=bool))
    return {
        "score variance": scores.var(),
        "largest weight": weights.max(axis=1).mean(),
        "slope": (weights * (1 - weights)).sum(axis=1).mean(),  # sum of own-score derivatives
    }


widths = [4, 8, 16, 32, 64, 128, 256, 512]
scaled = [concentration(d, 1 / np.sqrt(d)) for d in widths]
unscaled = [concentration(d, 1.0) for d in widths]
assert all(abs(row["score variance"] - 1) < 0.15 for row in scaled)
ratios = [row["score variance"] / d for row, d in zip(unscaled, widths, strict=True)]
assert all(abs(ratio - 1) < 0.15 for ratio in ratios)

# %% tags=["evidence: saturation-without-scaling"] alt="Average largest attention weight among 64 keys against head width: without scaling it climbs towards 1, divided by the root of d it stays low and flat"
fig, ax = plt.subplots()
ax.plot(widths, [row["largest weight"] for row in scaled], "o-", label="divided by the root of d")
ax.plot(widths, [row["largest weight"] for row in unscaled], "s--", label="not scaled")
ax.set_xscale("log", base=2)
ax.set_xticks(widths, widths)
ax.set_ylim(0, 1)
ax.set_xlabel("width of the head, d")
ax.set_ylabel("largest of 64 weights, mean")
ax.legend()
plt.show()

# %% [markdown]
# A weight near 1 would be fine if it were earned. Here everything is noise, and the unscaled layer
# still bets nearly all on one key. Out there a score can change and the weights hardly move: the
# derivatives go towards zero, and the layer can hardly learn its way back.

# %% tags=["values"]
{
    "leak-softmax-then-mask": f"{leaks['mask_after_softmax']:.2f}",
    "leak-scores-times-mask": f"{leaks['mask_times_scores']:.2f}",
    "leak-masked-softmax": f"{leaks['attention']:.2f}",
    "largest-weight-scaled-d512": f"{scaled[-1]['largest weight']:.2f}",
    "largest-weight-unscaled-d512": f"{unscaled[-1]['largest weight']:.2f}",
    "slope-kept-unscaled-d512": f"{unscaled[-1]['slope'] / scaled[-1]['slope']:.0%}",
}

# %% [markdown]
# ## What I would say next
#
# - Keep the leak test in the suite, run on the whole model: it needs no knowledge of the mask's
#   code, and it also finds a shifted target or a normalisation across time.
# - Many write a large negative constant for minus infinity. It works until the number type is too
#   small for it, and a query with nothing to see then gets equal weights on forbidden keys instead
#   of zeros. Mine is a decision; I would check what the library we ship with does.
# - Variance d is a statement about independent, unit-variance components, about right at
#   initialisation. Trained heads can be as sharp as they like, scaled or not.
# - I left out heads, projections, dropout and the cost: the weights are `(n, m)`, quadratic in
#   length. Fused kernels avoid storing them, not computing them.

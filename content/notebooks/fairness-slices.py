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
#     title: Both sides of the argument are right
#     summary: >-
#       A score that means the same in two districts still flags far more innocent people in one.
#       Error rates by group with their intervals, and why no threshold makes all of them equal.
#     minutes: 25
#     rounds: [responsible-ai, notebook-coding]
#     topics: [fairness, calibration, thresholds, uncertainty]
#     cards:
#       - fairness-definitions-conflict
#       - model-is-biased
#       - accurate-but-unfair
#       - small-groups-small-samples
#       - release-decision-with-known-harm
# ---

# %% [markdown]
# # Both sides of the argument are right
#
# > **Interviewer:** "A city uses a model to pick benefit claims for a manual check; a checked claim
# > is paid three weeks late. A newspaper writes that innocent people in South are picked several
# > times as often as in North. The vendor answers that a score of 0.3 means three in ten in both
# > districts. The mayor's office asks you which of them is lying. One page, by five."
#
# **Time box:** 25 minutes. I would say first: "Perhaps neither. They are quoting different rates,
# and I will compute both before anybody is accused."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression

THRESHOLD = 0.3

# %% [markdown]
# The claims are synthetic, and I make the case as *clean* as I can: every claim was audited, so
# labels do not depend on who was picked; the model never sees the district; and the same signs mean
# the same risk everywhere. Only one thing differs: risky signs are more common in South. If the
# conflict shows up here, cleaning the data will not remove it.


# %%
def make_claims(rng, sizes, mean_sign):
    """`sign`: what the file shows about the claim. `overpaid`: what the audit found."""
    district = np.repeat(list(sizes), list(sizes.values()))
    sign = rng.normal(pd.Series(mean_sign).loc[district].to_numpy())
    overpaid = rng.random(len(sign)) < 1 / (1 + np.exp(2.7 - 1.5 * sign))
    return pd.DataFrame({"district": district, "sign": sign, "overpaid": overpaid})


rng = np.random.default_rng(7)
MEANS = {"North": 0.0, "South": 0.9, "Islands": 0.9}
past = make_claims(rng, {"North": 20_000, "South": 12_000, "Islands": 100}, MEANS)
claims = make_claims(rng, {"North": 20_000, "South": 12_000, "Islands": 100}, MEANS)
model = LogisticRegression(C=100).fit(past[["sign"]], past["overpaid"])
claims["score"] = model.predict_proba(claims[["sign"]])[:, 1]
claims["picked"] = claims["score"] >= THRESHOLD

# %% [markdown]
# The vendor's sentence first, because it can be checked: in each band of the score, is the share
# found overpaid the same in both districts, and equal to the score?

# %%
main = claims[claims["district"] != "Islands"]
band = pd.cut(main["score"], [0, 0.1, 0.2, 0.3, 0.4, 0.6, 1])
found = main.groupby([band, "district"], observed=True)["overpaid"].mean().unstack()
found.insert(0, "Mean score", main.groupby(band, observed=True)["score"].mean())
assert (found["North"] - found["South"]).abs().max() < 0.06, "the score means different things"
assert found.sub(found["Mean score"], axis=0).abs().max(axis=None) < 0.05, "not calibrated"
found.rename_axis("Score").round(2)

# %% [markdown]
# The vendor tells the truth. Now the newspaper: of those who owed nothing, how many were picked? I
# write all the rates from the four counts, so that nobody has to guess what I divided by.


# %% tags=["solution"]
# TASK: Write `rates(actual, picked)` for two boolean arrays or Series. Return a dict of pairs
# (numerator, denominator), all ints: "base" (actual of all), "false_alarm" (picked of the not
# actual), "missed" (not picked of the actual), "precision" (actual of the picked).
def rates(actual, picked):
    actual, picked = np.asarray(actual), np.asarray(picked)

    def share(part, whole):
        return int((part & whole).sum()), int(whole.sum())

    return {
        "base": share(actual, np.ones_like(actual)),
        "false_alarm": share(picked, ~actual),
        "missed": share(~picked, actual),
        "precision": share(actual, picked),
    }


# %% tags=["check"]
truth = np.array([True, True, True, False, False, False, False, False])
guess = np.array([True, True, False, True, False, False, False, False])
expected = {"base": (3, 8), "false_alarm": (1, 5), "missed": (1, 3), "precision": (2, 3)}
assert rates(truth, guess) == expected
assert rates(pd.Series(truth), pd.Series(guess, index=range(8, 16))) == expected

# %% tags=["evidence: error-rates-by-group"]
NAMES = {
    "base": "Overpaid (%)",
    "false_alarm": "Picked, of those who owe nothing (%)",
    "missed": "Missed, of the overpaid (%)",
    "precision": "Overpaid, of those picked (%)",
}


def with_interval(hits, total):
    low, high = binomtest(hits, total).proportion_ci(method="wilson")
    return f"{hits / total:.0%} ({low:.0%} to {high:.0%})".replace("%", "")


rows = {}
for name in MEANS:
    group = claims[claims["district"] == name]
    counted = rates(group["overpaid"], group["picked"])
    rows[name] = {"Claims": f"{len(group):,}"}
    rows[name] |= {NAMES[key]: with_interval(*pair) for key, pair in counted.items()}
by_group = pd.DataFrame(rows).T.rename_axis("District (95% interval)")
by_group

# %% [markdown]
# The newspaper tells the truth as well. One threshold, one meaning of the score, and an innocent
# person in South is far more likely to wait three weeks. The risky signs are more common there
# among people who owe nothing, too.
#
# Islands I read with care. It was made exactly like South, yet with so few claims it could as well
# be better than South or much worse. I would report the count and the width, and not rank it.
#
# "Then set the thresholds so that all rates agree." Before I try, arithmetic. In any group, base
# rate p, precision and share missed *determine* the false alarms. It is only counting, so it must
# hold to the last digit in my table.


# %% tags=["solution"]
# TASK: Write `implied_false_alarm(base, precision, missed)`: the false-alarm rate that any group
# with this base rate must have, if its picks have this precision and this share of true cases is
# missed. (Start from one person: caught = base * (1 - missed); of those picked, what share is
# innocent?)
def implied_false_alarm(base, precision, missed):
    caught = base * (1 - missed)
    innocent_picked = caught * (1 - precision) / precision
    return innocent_picked / (1 - base)


# %% tags=["check"]
for name in MEANS:
    group = claims[claims["district"] == name]
    share = {key: hits / n for key, (hits, n) in rates(group["overpaid"], group["picked"]).items()}
    implied = implied_false_alarm(share["base"], share["precision"], share["missed"])
    assert np.isclose(implied, share["false_alarm"]), name
assert implied_false_alarm(0.2, 1.0, 0.4) == 0, "perfect precision: nobody innocent is picked"

# %% [markdown]
# So let two districts agree on precision and on the share missed. If one has more true cases, its
# innocent people *must* be picked more often, unless no innocent person is picked at all or no true
# case is caught.

# %%
pd.DataFrame(
    {
        "Base rate (%)": [5, 10, 20, 30],
        "False alarms at precision 0.5, missed 0.4 (%)": [
            100 * implied_false_alarm(base, 0.5, 0.4) for base in (0.05, 0.10, 0.20, 0.30)
        ],
    }
).set_index("Base rate (%)").round(1)

# %% [markdown]
# Now on the claims. Three policies, each fair in a sense that somebody can defend: the same
# threshold, so the same risk is treated the same; thresholds by district with equal false alarms;
# thresholds by district with equal precision.


# %%
def shares(name, threshold):
    group = main[main["district"] == name]
    counted = rates(group["overpaid"], group["score"] >= threshold)
    return {key: 100 * hits / n for key, (hits, n) in counted.items()}


def threshold_for(name, key, target):
    grid = np.linspace(0.05, 0.7, 200)
    return min(grid, key=lambda t: abs(shares(name, t)[key] - target))


north = shares("North", THRESHOLD)
policies = {
    "One threshold": THRESHOLD,
    "Equal false alarms": threshold_for("South", "false_alarm", north["false_alarm"]),
    "Equal precision": threshold_for("South", "precision", north["precision"]),
}

# %% tags=["evidence: definitions-conflict"] alt="Three panels of paired bars for North and South: false alarms, missed, precision. With one threshold South has far more false alarms and fewer misses. With equal false alarms the misses come close too but precision parts. With equal precision false alarms and misses part even more"
fig, axes = plt.subplots(1, 3, figsize=(8.4, 3.2), sharey=True)
KEYS = ["false_alarm", "missed", "precision"]
for ax, (title, threshold) in zip(axes, policies.items(), strict=True):
    south = shares("South", threshold)
    ax.bar(np.arange(3) - 0.2, [north[key] for key in KEYS], 0.38, color="C4", label="North")
    ax.bar(np.arange(3) + 0.2, [south[key] for key in KEYS], 0.38, color="C0", label="South")
    ax.set_xticks(range(3), ["false\nalarms", "missed", "precision"])
    ax.set_title(title)
    ax.set_axisbelow(True)
axes[0].set(ylabel="Share of the group (%)", ylim=(0, 90))
axes[0].legend(loc="upper left")
fig.tight_layout()
plt.show()

# %% [markdown]
# Every panel has a pair that disagrees. Equal false alarms brought the misses close as well,
# because the score separates about equally well in both districts; in general one would have to
# toss a coin for some claims to match both. The price is in the other bars: in South a pick now
# needs stronger signs than in North, so people with the same score are treated differently by
# address.
#
# Is it the base rates, or did I build in something else? I give South the signs of North and run
# the same single threshold. The gaps must vanish.

# %%
twin = make_claims(rng, {"North": 20_000, "South": 20_000}, {"North": 0.0, "South": 0.0})
twin["picked"] = model.predict_proba(twin[["sign"]])[:, 1] >= THRESHOLD
gaps = {}
for key in KEYS:
    n, s = (rates(group["overpaid"], group["picked"])[key] for _, group in twin.groupby("district"))
    gaps[key] = s[0] / s[1] - n[0] / n[1]
    noise = np.sqrt(sum(h / t * (1 - h / t) / t for h, t in (n, s)))
    assert abs(gaps[key]) < 3 * noise, f"{key} differs although base rates are equal"
pd.Series(gaps, name="South minus North, equal base rates").round(3).to_frame()

# %% tags=["values"]
parity = shares("South", policies["Equal false alarms"])
{
    "base-north": f"{north['base']:.0f}%",
    "base-south": f"{shares('South', THRESHOLD)['base']:.0f}%",
    "false-alarms-north": f"{north['false_alarm']:.0f}%",
    "false-alarms-south": f"{shares('South', THRESHOLD)['false_alarm']:.0f}%",
    "missed-north": f"{north['missed']:.0f}%",
    "missed-south": f"{shares('South', THRESHOLD)['missed']:.0f}%",
    "precision-equal-false-alarms-south": f"{parity['precision']:.0f}%",
    "precision-north": f"{north['precision']:.0f}%",
    "threshold-equal-false-alarms": f"{policies['Equal false alarms']:.2f}",
}

# %% [markdown]
# ## What I would say next
#
# To the mayor's office: nobody lies. With different base rates and an imperfect score, equal
# meaning of a pick and equal error rates cannot both be had, so this is a choice of who carries the
# errors. The harm here falls on innocent people whose money is late, so I would put false alarms
# first, and lower the harm itself before arguing over lines: pay while checking, or check within
# three days. That helps in both districts and needs no theorem.
#
# A threshold by district may be unlawful where you are, and districts stand in for things that must
# not count. That goes to the lawyers with this page, not to me.
#
# What I doubt most in a real case is the label. Here every claim was audited. If past checks went
# to South more often, "overpaid" measures where people looked, the base rates are partly made by
# us, and even the calibration table is about the wrong thing. With another hour I would ask for a
# random audit and see whether the base rates survive.

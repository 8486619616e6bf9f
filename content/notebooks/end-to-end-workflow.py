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
#     title: Forty-five minutes, out loud
#     summary: >-
#       A mock notebook round from a messy file to a recommendation: tidy, split by time, a rule as
#       baseline, a simple model, the metric in calls, and where it fails. With the clock running.
#     minutes: 45
#     rounds: [notebook-coding]
#     topics: [narration, baselines, splits, sanity-checks]
#     cards:
#       - first-five-minutes
#       - narrate-while-typing
#       - baseline-before-boosting
#       - split-that-matches-use
#       - out-of-time-with-ten-minutes-left
# ---

# %% [markdown]
# # Forty-five minutes, out loud
#
# > **Interviewer:** "Three clinics, half a year of appointments, one CSV. About one patient in six
# > does not turn up. Each day Aylin at the front desk has time to ring three of the patients who
# > are due in two days. Build the list she should ring. I will be quiet; talk to me."
#
# **Time box:** 45 minutes, and I say how I will spend it: "Ten on the data, five on the split, ten
# on a rule, ten on a model, five on where it fails, five to close. If I am late, the model goes,
# not the rule."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

CALLS_A_DAY = 3
raw = pd.read_csv(  # made-up data
    "data/end-to-end-workflow-visits.csv", parse_dates=["booked_on", "appointment_on"]
)
raw.head(4)

# %% [markdown]
# **Minute 0. Look before touching.** "One row should be one appointment. I look for doubles, odd
# values, and what each column could have known two days before the visit."

# %%
odd_distances = raw.loc[pd.to_numeric(raw["distance"], errors="coerce").isna(), "distance"]
print(f"{len(raw)} rows, {raw.duplicated().sum()} exact doubles, youngest age {raw['age'].min()}")
print("outcomes:", ", ".join(map(repr, raw["outcome"].unique())))
print("distances that are not numbers:", ", ".join(map(repr, odd_distances.unique()[:3])))
blank_arrival = raw["arrived_at"].isna().groupby(raw["outcome"]).mean()
blank_arrival.rename("arrived_at is blank (share)").to_frame()

# %% [markdown]
# Four decisions, each with its reason. Exact doubles go: the export was probably joined with itself
# somewhere. Age -1 and distance "unknown" become missing. `arrived_at` is the trap: it is blank for
# everybody who did not come, and nobody has arrived two days before. It never enters the model.
# Cancelled visits go, on the guess that most were off the book before anybody could ring; the front
# desk has to confirm that.


# %% tags=["solution"]
# TASK: Write `tidy(raw)`: a new frame, index 0..n-1, ordered by `appointment_on`. Drop exact
# duplicate rows and cancelled visits; add a bool `no_show` from `outcome` (any capitals, stray
# blanks, "no show" or "no-show"); `age` below 0 becomes NaN; `distance` becomes a float in km
# ("5.0", "5.0 km"; "unknown" and blank become NaN); drop `outcome` and `arrived_at`. `raw` itself
# must stay as it was.
def tidy(raw):
    outcome = raw["outcome"].str.strip().str.lower().str.replace(" ", "-")
    distance = raw["distance"].astype("str").str.removesuffix(" km")
    visits = raw.assign(
        no_show=outcome == "no-show",
        age=raw["age"].where(raw["age"] >= 0),
        distance=pd.to_numeric(distance, errors="coerce"),
    )
    keep = ~raw.duplicated() & (outcome != "cancelled")
    visits = visits[keep].drop(columns=["outcome", "arrived_at"])
    return visits.sort_values("appointment_on", kind="stable", ignore_index=True)


# %% tags=["check"]
before = raw.copy()
visits = tidy(raw)
pd.testing.assert_frame_equal(raw, before)
assert visits["no_show"].dtype == bool and 0.1 < visits["no_show"].mean() < 0.3
assert not visits.duplicated(["patient", "appointment_on"]).any(), "one row, one appointment"
assert visits["appointment_on"].is_monotonic_increasing and visits.index[0] == 0
assert visits["age"].min() >= 0 and visits["distance"].dtype == float
assert visits["distance"].notna().mean() > 0.88, "a unit was taken for a missing value"
assert (visits["booked_on"] <= visits["appointment_on"]).all()
assert not {"arrived_at", "outcome"} & set(visits)

# %% [markdown]
# **Minute 10. Features that exist on the day of the call.** "Lead time is known. The strongest
# thing I expect is the patient's own past, and that is where I could cheat without noticing: a past
# visit counts only if it lay before the call."


# %% tags=["solution"]
# TASK: Write `add_history(visits)`: the frame with two more columns, same rows in the same order.
# `past_visits`: how many visits the same patient had MORE than two days before this
# `appointment_on`; `past_no_shows`: how many of those were no-shows. Ints, zero for a new patient.
def add_history(visits):
    this = visits[["patient", "appointment_on"]].reset_index(names="row")
    other = visits[["patient", "appointment_on", "no_show"]]
    pairs = this.merge(other, on="patient", suffixes=("", "_other"))
    gap = pairs["appointment_on"] - pairs["appointment_on_other"]
    past = pairs[gap > pd.Timedelta(days=2)].groupby("row")["no_show"].agg(["size", "sum"])
    past = past.reindex(visits.index, fill_value=0).astype(int)
    return visits.assign(past_visits=past["size"], past_no_shows=past["sum"])


# %% tags=["check"]
toy = pd.DataFrame(
    {
        "patient": [1, 2, 1, 1, 1],
        "appointment_on": pd.to_datetime(
            ["2026-01-01", "2026-01-02", "2026-01-05", "2026-01-06", "2026-02-01"]
        ),
        "no_show": [True, True, False, True, False],
    }
)
assert add_history(toy)["past_visits"].tolist() == [0, 0, 1, 1, 3]
assert add_history(toy)["past_no_shows"].tolist() == [0, 0, 1, 1, 2]
later_flipped = toy.assign(no_show=[True, True, False, False, True])
assert add_history(later_flipped)["past_no_shows"].iloc[:4].tolist() == [0, 0, 1, 1]

# %%
visits = add_history(visits).assign(
    lead_days=lambda v: (v["appointment_on"] - v["booked_on"]).dt.days,
    week=lambda v: (v["appointment_on"] - v["appointment_on"].min()).dt.days // 7,
)
visits = visits[visits["lead_days"] >= 2]  # booked later than that, nobody could ring
is_test = visits["week"] >= 18  # the last eight of 26 weeks
train, test = visits[~is_test], visits[is_test]
assert train["appointment_on"].max() < test["appointment_on"].min()
split = pd.DataFrame({"Train": train.mean(numeric_only=True), "Test": test.mean(numeric_only=True)})
split.loc["visits"] = [len(train), len(test)]
split.loc[["visits", "no_show", "lead_days", "past_visits"]].round(2)

# %% [markdown]
# **Minute 15. Split.** "Aylin rings about future visits, so the last eight weeks are the test, and
# I open them once. Patients come back, and that is wanted here: she will know some of them. Later
# weeks have more history per patient; a random split would hide that."
#
# **Minute 20. Metric and rule.** "AUC is not her question. She has three calls a day: how many of
# them reach somebody who would not have come? I rank inside each day, as she would. Then the rule
# she could apply without me: most past no-shows first, longest lead time among equals."


# %% tags=["solution"]
# TASK: Write `daily_list(frame, score, calls=3)`: a bool Series on the index of `frame`, True for
# the `calls` visits with the highest `score` (a Series on the same index) of each `appointment_on`.
# A day with fewer visits is called whole. Of equal scores, the earlier row goes first.
def daily_list(frame, score, calls=CALLS_A_DAY):
    rank = score.groupby(frame["appointment_on"]).rank(method="first", ascending=False)
    return rank <= calls


# %% tags=["check"]
toy = pd.DataFrame({"appointment_on": [1, 1, 1, 2, 2]}, index=[9, 8, 7, 6, 5])
assert daily_list(toy, pd.Series([1, 3, 3, 0, 5], index=toy.index), 2).tolist() == [0, 1, 1, 1, 1]
assert daily_list(toy, pd.Series([2, 2, 2, 0, 5], index=toy.index), 1).tolist() == [1, 0, 0, 0, 1]

# %% [markdown]
# **Minute 30. The model.** "Logistic regression, nothing tuned, so I need no third data set.
# Preparation sits inside the pipeline and learns from the training weeks alone."

# %%
NUMBERS = ["age", "distance", "lead_days", "past_visits", "past_no_shows"]
model = make_pipeline(
    make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
        (OneHotEncoder(handle_unknown="ignore"), ["clinic"]),
    ),
    LogisticRegression(),
).fit(train, train["no_show"])

scores = {
    "Nobody's list: chance": pd.Series(np.random.default_rng(7).random(len(test)), test.index),
    "Rule: past no-shows, lead time": test["past_no_shows"] + test["lead_days"] / 1_000,
    "Logistic regression": pd.Series(model.predict_proba(test)[:, 1], test.index),
}

# %% tags=["evidence: baseline-and-model"]
lists = {name: daily_list(test, score) for name, score in scores.items()}
rows = {}
for name, called in lists.items():
    hits, calls = int(test.loc[called, "no_show"].sum()), int(called.sum())
    low, high = binomtest(hits, calls).proportion_ci(method="wilson")
    rows[name] = {
        "Calls": calls,
        "Would not have come": hits,
        "Hit rate (%)": f"{100 * hits / calls:.0f} ({100 * low:.0f} to {100 * high:.0f})",
        "Of all no-shows (%)": f"{100 * hits / test['no_show'].sum():.0f}",
        "AUC": f"{roc_auc_score(test['no_show'], scores[name]):.2f}",
    }
results = pd.DataFrame(rows).T.rename_axis("List (95% interval)")
results

# %% [markdown]
# "Is there a leak? A test that could embarrass me: I shuffle the outcome in the training weeks,
# some forty times. Whatever skill remains on average would come from somewhere it must not."

# %%
shuffle_rng = np.random.default_rng(7)
without_labels = []
for _ in range(40):
    model.fit(train, shuffle_rng.permutation(train["no_show"]))
    without_labels.append(roc_auc_score(test["no_show"], model.predict_proba(test)[:, 1]))
model.fit(train, train["no_show"])
assert abs(np.mean(without_labels) - 0.5) < 0.05, "skill without labels: look for a leak"
print(f"mean AUC with shuffled labels: {np.mean(without_labels):.2f}")

# %% [markdown]
# Both lists beat chance. The AUC likes the model better, and the calls hardly notice: what
# improved must lie elsewhere in the ranking. The fair comparison is on the calls that differ.

# %%
by_model = lists["Logistic regression"]
by_rule = lists["Rule: past no-shows, lead time"]
parts = {
    "On both lists": by_model & by_rule,
    "Only on the model's": by_model & ~by_rule,
    "Only on the rule's": by_rule & ~by_model,
}
overlap = pd.DataFrame(
    {name: test.loc[part, "no_show"].agg(["size", "sum"]) for name, part in parts.items()}
).T.set_axis(["Calls", "Would not have come"], axis=1)
model_only, rule_only = (int(overlap.iloc[i]["Would not have come"]) for i in (1, 2))
print(f"sign test p {binomtest(model_only, model_only + rule_only).pvalue:.2f}")
overlap

# %% [markdown]
# "Eight weeks cannot tell them apart. I say that now, before somebody falls in love with the
# model."
#
# **Minute 38. Where does it fail?** "Of the patients who did not come, whom would Aylin never have
# rung?"

# %% tags=["evidence: errors-by-slice"] alt="Share of no-shows that were on the list, by slice, with intervals. Visits booked within two weeks lie clearly below the dotted average, those booked earlier at or above it; first visits have so few no-shows that their interval covers most of the axis"
SLICES = {
    "first visit": test["past_visits"] == 0,
    "returning, always came": (test["past_visits"] > 0) & (test["past_no_shows"] == 0),
    "returning, missed before": test["past_no_shows"] > 0,
    "booked within 2 weeks": test["lead_days"] <= 14,
    "booked earlier": test["lead_days"] > 14,
    "east": test["clinic"] == "east",
    "north": test["clinic"] == "north",
    "harbour": test["clinic"] == "harbour",
}
rows = {}
for name, inside in SLICES.items():
    missed = test[inside & test["no_show"]]
    hits = int(by_model[missed.index].sum())
    low, high = binomtest(hits, len(missed)).proportion_ci(method="wilson")
    rows[f"{name} ({len(missed)})"] = [hits / len(missed), low, high]
reached = 100 * pd.DataFrame(rows, index=["reached", "low", "high"]).T
fig, ax = plt.subplots(figsize=(7, 3.6))
average = 100 * by_model[test["no_show"]].mean()
colours = ["C1" if high < average else "C0" for high in reached["high"]]
ax.barh(reached.index, reached["reached"], color=colours)
ax.hlines(reached.index, reached["low"], reached["high"], color="C4", linestyle="-")
ax.axvline(average, color="C4", linestyle=":")
ax.set(xlim=(0, 100), xlabel="No-shows that were on the list (%); in brackets: no-shows")
ax.set_axisbelow(True)
ax.invert_yaxis()
plt.show()

# %% tags=["check"]
assert reached.filter(like="booked within", axis=0)["high"].item() < average
assert reached.filter(like="first visit", axis=0).eval("high - low").item() > 40, "too few to judge"

# %% [markdown]
# "Rust marks slices whose whole interval lies below the dotted average. I looked at eight, so a
# single one can be luck; here the cause is plain. The list lives on lead time and history, and is
# nearly blind to visits booked at short notice. The gap between the clinics I would watch, not
# explain. And first visits I would have guessed as the weak spot: with so few of their no-shows I
# can say nothing about them, and I won't."

# %% tags=["values"]
short, early = (
    reached.filter(like=name, axis=0)["reached"].item() for name in ("2 weeks", "earlier")
)
{
    "hit-rate-chance": results["Hit rate (%)"].iloc[0].split()[0] + "%",
    "hit-rate-rule": results["Hit rate (%)"].iloc[1].split()[0] + "%",
    "hit-rate-model": results["Hit rate (%)"].iloc[2].split()[0] + "%",
    "model-only-hits": str(model_only),
    "rule-only-hits": str(rule_only),
    "short-notice-reached": f"{short:.0f}%",
    "booked-earlier-reached": f"{early:.0f}%",
}

# %% [markdown]
# ## What I would say next
#
# **Minute 43. Close.** "Start with the rule on Monday. It needs no server, Aylin can check it by
# eye, and eight weeks of data cannot show that my model is better. I hand in the model beside it,
# with the overlap table, so that somebody can decide again after a quarter.
#
# What I do not know: whether a call *helps*. Nothing here says so. I would leave a random fifth of
# each list uncalled for some weeks, with the clinic's consent, and compare. If calls work best on
# people who would have come with a nudge, the best list may not be the one with the most no-shows.
#
# With another hour: a text message for visits booked at short notice, which three calls a day will
# never reach, and a question to the front desk about what 'cancelled' means."

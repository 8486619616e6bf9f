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
#     title: Five kinds of blank in one loan table
#     summary: >-
#       Five columns have gaps. One gap is chance, one only repeats the channel, two say something
#       about the applicant, and one was written by the outcome itself. Each gets its own
#       treatment.
#     minutes: 25
#     rounds: [notebook-coding, ml-fundamentals]
#     topics: [missing-data, data-quality, leakage]
#     cards: [data-is-missing, missing-values-live]
# ---

# %% [markdown]
# # Five kinds of blank in one loan table
#
# > **Interviewer:** "Twelve thousand finished loans. Five columns have gaps, one of them well
# > hidden. A colleague wants medians everywhere. Sofia, who owns the online form, will make income
# > compulsory from the first of March. Which gaps mean something, and what do you do with each?"
#
# **Time box:** 25 minutes. First I would say: "A blank is an event. Somebody skipped a box, a job
# dropped a field, or there was nothing to write. I want to know which, column by column, before I
# fill anything."

# %%
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# %% [markdown]
# The loans are synthetic: only so can I know why each value is absent. `complete` keeps what nobody
# in the lender's office could see, the incomes that were not typed in.

# %%
rng = np.random.default_rng(3)
n = 12_000
online = rng.random(n) < 0.55
irregular_pay = rng.random(n) < 0.3  # not recorded anywhere
no_credit_file = rng.random(n) < 0.12
complete = pd.DataFrame(
    {
        "online": online.astype(int),
        "amount": rng.lognormal(9, 0.5, n).round(-2),
        "income": (rng.lognormal(10.4, 0.35, n) * np.where(irregular_pay, 0.85, 1)).round(-2),
        "years_at_address": rng.gamma(2, 3, n).round(1),
        "housing_cost": rng.normal(900, 200, n).round(-1),
        "bureau_score": rng.normal(620, 60, n).round(),
    }
)
logit = (
    -3.2
    + 0.9 * online
    + 1.4 * irregular_pay
    + 1.0 * no_credit_file
    - 0.9 * np.log(complete["income"] / 33_000)
    + 0.5 * np.log(complete["amount"] / 8_000)
    + 0.001 * (complete["housing_cost"] - 900)
    - 0.012 * (complete["bureau_score"] - 620) * ~no_credit_file
)
defaulted = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(int)

skips_income = np.where(online, np.where(irregular_pay, 0.85, 0.25), 0.04)
loans = complete.assign(recovery_calls=1.0 + rng.poisson(2, n))
loans.loc[rng.random(n) < skips_income, "income"] = np.nan
loans.loc[rng.random(n) < np.where(online, 0.4, 0.03), "years_at_address"] = np.nan
loans.loc[rng.random(n) < 0.12, "housing_cost"] = np.nan
loans.loc[no_credit_file, "bureau_score"] = -999
loans.loc[rng.random(n) < np.where(defaulted == 1, 0.1, 0.97), "recovery_calls"] = np.nan

# %%
loans.describe().loc[["count", "min", "50%", "max"]].round(0)

# %% [markdown]
# `count` shows four gaps, `min` shows the fifth: no bureau gives a score of -999. That is a blank
# in a number's clothes, and in a linear model it drags the slope of everybody else. I uncover it
# first, and look for other codes that are too frequent to be values.

# %%
most_frequent = {
    column: (loans[column].value_counts(normalize=True).index[0], loans[column].eq(-999).mean())
    for column in ["amount", "income", "years_at_address", "housing_cost", "bureau_score"]
}
uncovered = loans.assign(bureau_score=loans["bureau_score"].replace(-999, np.nan))
pd.DataFrame(most_frequent, index=["Most frequent value", "Share of -999"]).T.round(2)

# %% [markdown]
# Next: is a blank commoner among loans that went bad? And does that hold for people who came by
# the same channel? Online customers default more and skip more, so a gap can look meaningful only
# because it says "online" again.


# %% tags=["solution"]
# TASK: Write `blank_rates(frame, target, stratum)`. `target` holds zeros and ones, `stratum`
# labels. Return a DataFrame with one row for each column of `frame` that has blanks (index: column
# name) and the columns `repaid` and `defaulted` (share of blanks where target is 0 and 1),
# `difference` (defaulted - repaid), `margin` (1.96 standard errors of it, not pooled: the square
# root of the sum of p (1 - p) / n over both groups) and `same_stratum`: the difference inside each
# stratum, averaged with weights = stratum sizes.
def blank_rates(frame, target, stratum):
    target, stratum = np.asarray(target), np.asarray(stratum)
    bad = target == 1

    def gap(blank, rows):
        return blank[rows & bad].mean() - blank[rows & ~bad].mean()

    table = {}
    for column in frame.columns[frame.isna().any()]:
        blank = frame[column].isna().to_numpy()
        repaid, default = blank[~bad].mean(), blank[bad].mean()
        variance = repaid * (1 - repaid) / (~bad).sum() + default * (1 - default) / bad.sum()
        inside = [gap(blank, stratum == s) * (stratum == s).mean() for s in np.unique(stratum)]
        table[column] = [repaid, default, default - repaid, 1.96 * variance**0.5, sum(inside)]
    names = ["repaid", "defaulted", "difference", "margin", "same_stratum"]
    return pd.DataFrame.from_dict(table, orient="index", columns=names)


# %% tags=["check"]
toy = pd.DataFrame({"full": range(8), "gaps": [1, 1, np.nan, np.nan, 1, np.nan, np.nan, np.nan]})
toy_rates = blank_rates(toy, [0, 0, 1, 1, 0, 0, 0, 1], list("aaaabbbb"))
assert toy_rates.index.tolist() == ["gaps"]
assert np.isclose(toy_rates.loc["gaps", "repaid"], 0.4)
assert np.isclose(toy_rates.loc["gaps", "difference"], 0.6)
assert np.isclose(toy_rates.loc["gaps", "same_stratum"], 0.5 * 1 + 0.5 / 3)
assert np.isclose(toy_rates.loc["gaps", "margin"], 1.96 * (0.24 / 5) ** 0.5)

# %% tags=["evidence: missing-rate-by-outcome"]
rates = blank_rates(uncovered, defaulted, loans["online"])
(100 * rates).round(1).rename(
    columns={
        "repaid": "Blank if repaid, %",
        "defaulted": "Blank if defaulted, %",
        "difference": "Difference, points",
        "margin": "95% margin, points",
        "same_stratum": "Difference inside channel",
    }
)

# %% [markdown]
# I read the rows one by one.
#
# - `housing_cost`: no difference beyond the margin. Probably chance. I ask the import team anyway.
# - `years_at_address`: a clear difference that all but vanishes inside a channel. The blank says
#   "online", and we have that column already.
# - `income`: the difference shrinks inside a channel and stays. Silence says something of its own.
# - `bureau_score`: no file at the bureau. That is a fact about the applicant, not a gap.
# - `recovery_calls`: nearly always blank unless the loan went bad. The collections team fills it.
#   It does not exist on the day of the decision, and neither does its blank: out, flag and all.
#
# A table like this shows association. It cannot prove *why* income is blank: whether skippers earn
# less is the one thing the column does not say.


# %% tags=["solution"]
# TASK: Write `fill_and_flag(train, other, flags)`. Return (train, other) as new frames: blanks
# filled with the medians of `train` only, and for each column named in `flags` a new column
# `<name>_blank` with 1 where that frame had a blank and 0 elsewhere. The frames given must stay as
# they were.
def fill_and_flag(train, other, flags):
    medians = train.median()

    def treat(frame):
        blanks = {f"{column}_blank": frame[column].isna().astype(int) for column in flags}
        return frame.fillna(medians).assign(**blanks)

    return treat(train), treat(other)


# %% tags=["check"]
past = pd.DataFrame({"a": [1.0, 3.0, np.nan], "b": [1.0, 2.0, 3.0]})
present = pd.DataFrame({"a": [np.nan, 100.0], "b": [np.nan, 9.0]})
filled_past, filled_present = fill_and_flag(past, present, ["a"])
assert filled_present["a"].tolist() == [2, 100], "medians must come from the training rows"
assert filled_present["b"].tolist() == [2, 9], (
    "a column may be blank for the first time when serving"
)
assert filled_present["a_blank"].tolist() == [1, 0] and filled_past["a_blank"].tolist() == [0, 0, 1]
assert "b_blank" not in filled_past and past["a"].isna().sum() == 1

# %% [markdown]
# Now each treatment has to earn its place on the last third of the loans. The gain is in log loss,
# loan by loan, because the lender uses the probability; the margin says what could be luck.

# %%
columns = ["online", "amount", "income", "years_at_address", "housing_cost", "bureau_score"]
first, last = slice(0, 8_000), slice(8_000, None)


def predict(frame, flags=(), complete_only=False):
    train = frame.iloc[first].dropna() if complete_only else frame.iloc[first]
    test = frame.iloc[last].dropna() if complete_only else frame.iloc[last]
    filled_train, filled_test = fill_and_flag(train, test, flags)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    model.fit(filled_train, defaulted[train.index])
    return pd.Series(model.predict_proba(filled_test)[:, 1], index=test.index)


known = uncovered[columns]
scores = {
    "Only rows without blanks": predict(known, complete_only=True),
    "Median, -999 read as a score": predict(loans[columns]),
    "Median, -999 as blank": predict(known),
    "... flag on housing_cost": predict(known, ["housing_cost"]),
    "... flag on years_at_address": predict(known, ["years_at_address"]),
    "... flag on income": predict(known, ["income"]),
    "... flag on bureau_score": predict(known, ["bureau_score"]),
    "... flags on both": predict(known, ["income", "bureau_score"]),
    "... and recovery_calls": predict(uncovered, ["income", "bureau_score", "recovery_calls"]),
}


# %% tags=["evidence: score-with-indicator"]
def log_loss_by_row(score):
    truth = defaulted[score.index]
    return -np.log(np.where(truth == 1, score, 1 - score))


reference = log_loss_by_row(scores["Median, -999 as blank"])
table = []
for name, score in scores.items():
    row = {
        "Treatment": name,
        "Scored": f"{len(score) / 4_000:.0%}",
        "AUC": f"{roc_auc_score(defaulted[score.index], score):.3f}",
        "Log loss saved per 1,000 loans": "",
    }
    if len(score) == len(reference) and name != "Median, -999 as blank":
        saved = 1_000 * (reference - log_loss_by_row(score))
        row["Log loss saved per 1,000 loans"] = (
            f"{saved.mean():z.1f} ± {1.96 * saved.std() / len(saved) ** 0.5:.1f}"
        )
    table.append(row)
treated = pd.DataFrame(table).set_index("Treatment")
treated

# %% [markdown]
# The two flags that the first table picked are the two that pay, and the two that it called chance
# or channel buy nothing. Dropping rows looks harmless until one reads the second column. And the
# last row is what a leak looks like from the inside: the best score in the table, from a column
# that is empty on the day it is needed.
#
# Now Sofia's first of March. From then on nobody online leaves income blank: the same people type
# something. I rehearse it on old loans. Take those who left it blank, put in their income a little
# rounded up (an assumption: 15% too high), set the flag to zero, and look at the score they get.

# %%
filled_first, filled_last = fill_and_flag(
    known.iloc[first], known.iloc[last], ["income", "bureau_score"]
)
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
model.fit(filled_first, defaulted[first])
silent = known["income"].iloc[last].isna()
typed = filled_last.assign(
    income=filled_last["income"].where(~silent, 1.15 * complete["income"].iloc[last]),
    income_blank=0,
)
rehearsal = pd.Series(
    {
        "Predicted, income left blank": model.predict_proba(filled_last[silent])[:, 1].mean(),
        "Predicted, income typed in": model.predict_proba(typed[silent])[:, 1].mean(),
        "Really defaulted": defaulted[last][silent].mean(),
    }
)
rehearsal.map("{:.1%}".format).to_frame("Those who left income blank")

# %% [markdown]
# The people are the same and so is their risk, but the model now takes them for safer than they
# are. A flag is only as stable as the form that makes the blank.

# %% tags=["check"]
before, after, truth = rehearsal
noise = 1.96 * (truth * (1 - truth) / silent.sum()) ** 0.5
assert abs(before - truth) < 1.5 * noise, "the flagged model was never right about the silent ones"
assert after < truth - noise, "the form change does no harm"

# %% tags=["values"]
{
    "auc-sentinel-as-number": treated.loc["Median, -999 read as a score", "AUC"],
    "auc-median": treated.loc["Median, -999 as blank", "AUC"],
    "auc-with-flags": treated.loc["... flags on both", "AUC"],
    "auc-with-leak": treated.loc["... and recovery_calls", "AUC"],
    "scored-if-rows-dropped": treated.loc["Only rows without blanks", "Scored"],
    "silent-default-rate": f"{truth:.1%}",
    "silent-predicted-blank": f"{before:.1%}",
    "silent-predicted-typed": f"{after:.1%}",
}

# %% [markdown]
# ## What I would say next
#
# My recommendation before March: keep the bureau flag, which states a fact; take the income flag
# out and leave channel in; hold a cautious limit for online loans until the first ones with typed
# incomes have matured. Then refit on those.
#
# Still open: I assumed how people round their income up, and Sofia could test it by asking a few
# hundred skippers. Trees that handle blanks themselves would need the same rehearsal, because they
# learn the blank as well. And I would ask compliance whether somebody may be turned down for an
# empty box at all.

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
#     title: The comma that ordered ten times the fruit
#     summary: >-
#       A partner switches to decimal commas and the forecast swells without one error message. A
#       strict contract stops the rows; alerts on batches and forecasts catch what no parser can.
#     minutes: 25
#     rounds: [mlops, notebook-coding]
#     topics: [data-quality, pipelines, alerting, sanity-checks]
#     cards:
#       - data-that-parses-wrong
#       - schema-change-upstream
#       - debug-complex-model-issue
#       - sanity-test-a-transform
# ---

# %% [markdown]
# # The comma that ordered ten times the fruit
#
# > **Interviewer:** "Twenty shops send us the kilograms of fruit they sold each day, and a model
# > orders for tomorrow. Since early June the warehouse is drowning in peaches. The model has not
# > been touched since spring, the pipeline is green, and the shops swear that they only 'modernised
# > the export'. Find it, then make sure that the next one costs us an e-mail and not a lorry."
#
# **Time box:** 25 minutes. Out loud: "Green means that nothing crashed. I will follow one number
# from the file to the forecast, as text, before any library has interpreted it."

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

SPRING = "data/data-validation-layer-spring.csv"  # made-up data, as is the June file
JUNE = "data/data-validation-layer-june.csv"


def load_as_in_production(path):
    return pd.read_csv(path, thousands=",")  # spring files hold numbers like "1,240.5"


spring, june = load_as_in_production(SPRING), load_as_in_production(JUNE)
pd.DataFrame(
    {
        name: {
            "numeric column": pd.api.types.is_numeric_dtype(frame["kg"]),
            "missing values": int(frame["kg"].isna().sum()),
            "values not above zero": int((frame["kg"] <= 0).sum()),
        }
        for name, frame in (("Spring file", spring), ("June file", june))
    }
)

# %% [markdown]
# This is what the pipeline checks today: types, nulls, sign. All pass. I load the June file once
# more with every field as text, and lay some rows beside what the loader made of them: one from
# before the new export, then the first two with none, one and two digits behind the comma, since I
# suspect that this decides the damage.

# %% tags=["evidence: decimal-comma"]
sent = pd.read_csv(JUNE, dtype=str)
late = sent[sent["day"] >= "2026-06-03"]
decimals = late["kg"].str.partition(",")[2].str.len()
examples = pd.concat([sent.head(1), *[late[decimals == n].head(2) for n in (0, 1, 2)]])
comparison = pd.DataFrame({"As sent": examples["kg"], "Day": examples["day"]})
comparison["What the shop meant"] = [
    float(text.replace(",", "" if day < "2026-06-03" else "."))
    for text, day in zip(examples["kg"], examples["day"], strict=True)
]
comparison["What the loader read"] = june.loc[examples.index, "kg"]
factor = comparison["What the loader read"] / comparison["What the shop meant"]
comparison["Times too large"] = factor.round().astype(int)
comparison = comparison.set_index("As sent")
comparison

# %% [markdown]
# There it is. The spring loader throws every comma away, because in spring a comma stood between
# thousands. With a decimal comma, one digit behind it makes the number ten times too large, two
# digits a hundred times, none leaves it right. So no constant factor will show in a plot, some rows
# stay true, and every value is a fine positive number.
#
# What did it do to the order? The model is a small regression on logs: today, the mean of the last
# seven days, and the same weekday a week before tomorrow.


# %%
def by_day_and_shop(frame):
    return frame.pivot(index="day", columns="store", values="kg").astype(float)


def features(wide):
    log = np.log(wide)
    return pd.DataFrame(
        {
            "today": log.stack(),
            "week": log.rolling(7).mean().stack(),
            "weekday": log.shift(6).stack(),
        }
    ).dropna()


spring_wide = by_day_and_shop(spring)
fit_days, clean_days = spring_wide.iloc[:56], spring_wide.iloc[56:]
known = features(fit_days)
tomorrow = np.log(fit_days).shift(-1).stack().reindex(known.index).dropna()
model = LinearRegression().fit(known.loc[tomorrow.index], tomorrow)


def forecast(wide):
    """Kilograms for the day after each row of `wide`."""
    known = features(wide)
    return pd.Series(np.exp(model.predict(known)), known.index).unstack()


june_wide = by_day_and_shop(june)
ordered = forecast(pd.concat([spring_wide.iloc[-7:], june_wide])).sum(axis=1).iloc[1:]
two_weeks_before = forecast(clean_days).sum(axis=1).iloc[-14:]
times_usual = ordered / two_weeks_before.to_numpy()  # the same weekdays

# %% alt="The daily order as a multiple of the usual one, on a logarithmic axis: about one until the new export, somewhat more for six days, then tens of times too large"
fig, ax = plt.subplots()
day_of_june = np.arange(1, len(times_usual) + 1)
ax.plot(day_of_june, times_usual, "o-", color="C1")
ax.axhline(1, color="C4", linestyle=":")
ax.axvline(2.5, color="C4", linestyle="--")
ax.text(2.6, 30, "new export")
ax.set(yscale="log", xlabel="Order placed on this evening of June", ylabel="Times the usual order")
ax.set_yticks([1, 10], ["1", "10"])
plt.show()

# %% tags=["check"]
assert times_usual.iloc[:2].between(0.8, 1.25).all(), "already wrong before the new export"
assert (times_usual.iloc[2:] > 1.25).all(), "the rise must start with the new export"
assert (times_usual.iloc[8:] > 10).all() and model.coef_.argmax() == 2  # "weekday"

# %% [markdown]
# The rise starts on the evening of the new export and not before, so the story holds together. And
# there is a second step a week later: the poisoned days come back as "same weekday last week",
# which the model trusts most. So a fixed parser is not enough; what was stored since then must be
# read again too, or the orders stay wrong for another week.
#
# The tempting repair is one line: turn commas into dots. I try that on the files that were right.

# %%
spring_text = pd.read_csv(SPRING, dtype=str)["kg"]
guessed = pd.to_numeric(spring_text.str.replace(",", "."), errors="coerce")
truth = spring["kg"].astype(float)
pd.DataFrame(
    {
        "Spring rows": {
            "read correctly": int(np.isclose(guessed, truth).sum()),
            "cannot be read": int(guessed.isna().sum()),
            "read a thousand times too small": int(np.isclose(guessed * 1_000, truth).sum()),
        }
    }
)

# %% [markdown]
# Same disease, other direction. `1,240` is a good number in both conventions, so no parser can know
# which was meant: the *sender* has to declare the format, and I hold each field to it. What does
# not comply is refused with its reason, never repaired on the fly.


# %% tags=["solution"]
# TASK: Write `parse_kg(text, decimal)`. `text` is a Series of strings, `decimal` is "." or ",", and
# the other one of the two separates thousands. Return a Series of floats on the same index, NaN
# where the text breaks the format: digits with at most two decimals; thousands separators are
# optional, but if one is used, all groups must be right ("1,240" or "1240", not "12,40"). No sign,
# no blanks, no empty text.
def parse_kg(text, decimal):
    group = {".": ",", ",": "."}[decimal]
    pattern = rf"(?:\d{{1,3}}(?:\{group}\d{{3}})+|\d+)(?:\{decimal}\d{{1,2}})?"
    plain = text.str.replace(group, "", regex=False).str.replace(decimal, ".", regex=False)
    return pd.to_numeric(plain.where(text.str.fullmatch(pattern)), errors="coerce").astype(float)


# %% tags=["check"]
fields = pd.Series(["1,240.5", "84.25", "96", "1240", "12,40", "84,5", "-3", "", " 7", "1,24,000"])
in_points = parse_kg(fields, ".")
assert in_points.iloc[:4].tolist() == [1240.5, 84.25, 96, 1240]
assert in_points.iloc[4:].isna().all(), "anything outside the declared format is refused"
in_commas = parse_kg(pd.Series(["1.240,5", "84,25", "84.25"], index=[5, 6, 7]), ",")
assert in_commas.loc[[5, 6]].tolist() == [1240.5, 84.25] and np.isnan(in_commas.loc[7])
assert np.allclose(parse_kg(spring_text, "."), truth), "the contract must pass every spring row"

# %% [markdown]
# Form alone is not enough: a value can be well written and wrong. So I put layers behind each
# other, and let each report by itself. *Format*, per field. *Range*, per row: within a fifth and
# five times the shop's usual day. *Batch*: each shop once, and the day's total near the same
# weekday of recent weeks. *Forecast*: tomorrow's order against what that weekday usually sells. The
# last one watches the model's output, so it can also catch faults on our own side of the fence.


# %% tags=["solution"]
# TASK: Write `batch_problems(day, usual_total, shops, low=0.65, high=1.5)`. `day` has one row per
# field received (columns `store`, `kg` as numbers, NaN allowed), `shops` is the list that must
# report. Return a list of strings, in any order: "missing shop" if one of `shops` has no row,
# "repeated shop" if one has several, "total" if the sum of kg divided by `usual_total` is outside
# [low, high].
def batch_problems(day, usual_total, shops, low=0.65, high=1.5):
    problems = []
    if not set(shops) <= set(day["store"]):
        problems.append("missing shop")
    if day["store"].duplicated().any():
        problems.append("repeated shop")
    if not low <= day["kg"].sum() / usual_total <= high:
        problems.append("total")
    return problems


# %% tags=["check"]
toy = pd.DataFrame({"store": ["A", "B"], "kg": [60.0, 40.0]})
assert batch_problems(toy, 100, ["A", "B"]) == []
assert batch_problems(toy, 100, ["A", "B", "C"]) == ["missing shop"]
assert batch_problems(toy, 50, ["A", "B"]) == ["total"]
twice = pd.concat([toy, toy])
assert set(batch_problems(twice, 100, ["A", "B"])) == {"repeated shop", "total"}

# %% [markdown]
# A guard that has only been shown the accident it was built for proves little. I break the last
# four clean weeks on purpose, one day at a time, in eight ways, and count which layer speaks up.
# The clean days go through as well: an alarm there is a false one. The limits are round numbers
# that were silent in the four weeks before, which the cell checks.

# %%
SHOPS = list(spring_wide.columns)


def written(kg, decimals=2):
    return pd.Series([f"{value:.{decimals}f}" for value in kg], kg.index)


def as_fields(text):
    return pd.DataFrame({"store": text.index, "text": text.to_numpy()})


def twice_sent(kg):
    return pd.concat([as_fields(written(kg))] * 2, ignore_index=True)


def decimal_comma(kg, decimals=2):
    return as_fields(written(kg, decimals).str.replace(".", ","))


FAULTS = {
    "None (clean days)": lambda kg: as_fields(written(kg)),
    "Decimal comma, 2 digits": decimal_comma,
    "Decimal comma, 3 digits": lambda kg: decimal_comma(kg, 3),
    "Pounds sent as kilograms": lambda kg: as_fields(written(kg * 2.205)),
    "File sent twice in one": twice_sent,
    "Four shops missing": lambda kg: as_fields(written(kg)).iloc[4:],
    "Two shops exchanged": lambda kg: as_fields(written(kg.rename({"S01": "S20", "S20": "S01"}))),
    "All values 8% too low": lambda kg: as_fields(written(kg * 0.92)),
    "Model file of a region in pounds": lambda kg: as_fields(written(kg)),
}


def alarms(fields, past, order_factor=1.0):
    """Share of rows, or the whole day, that each layer objects to. Each is judged alone, so the
    layers behind `format` see the numbers as the old loader would have read them."""
    lenient = fields["text"].str.replace(",", "").astype(float)
    day = pd.DataFrame({"store": fields["store"], "kg": lenient})
    ratio = day["kg"] / day["store"].map(past.iloc[-28:].median())
    row = day.drop_duplicates("store", keep="last").set_index("store")["kg"]
    row = row.reindex(SHOPS).fillna(past.iloc[-7])
    today = pd.concat([past.iloc[-7:], row.to_frame("today").T])
    order = forecast(today).iloc[-1].sum() * order_factor
    return {
        "Rows: format": parse_kg(fields["text"], ".").isna().mean(),
        "Rows: range": (~ratio.between(1 / 5, 5)).mean(),
        "Days: batch": bool(batch_problems(day, past.iloc[-28::7].sum(axis=1).median(), SHOPS)),
        "Days: forecast": not 0.7 <= order / past.iloc[-27::7].sum(axis=1).median() <= 1.4,
    }


def alarm_share(name, days=range(56, 84)):
    factor = 2.205 if name.startswith("Model file") else 1.0
    return pd.DataFrame(
        [alarms(FAULTS[name](spring_wide.iloc[i]), spring_wide.iloc[:i], factor) for i in days]
    ).mean()


assert alarm_share("None (clean days)", days=range(28, 56)).max() == 0, "limits are too tight"

# %% tags=["evidence: caught-by-contract"]
caught = pd.DataFrame({name: alarm_share(name) for name in FAULTS}).T * 100
caught = caught.rename_axis("Fault put into 28 clean days").add_suffix(" (%)")
caught.round(0).astype(int)

# %% tags=["check"]
assert caught.loc["Decimal comma, 2 digits", "Rows: format (%)"] == 100
assert caught.loc["None (clean days)"].max() < 5, "too many false alarms to live with"
assert caught.loc["Decimal comma, 3 digits", "Rows: format (%)"] < 50, "well formed and wrong"

# %% [markdown]
# No layer covers another. The format rule stops the accident of June at the door, with the row and
# the reason. Three digits behind a decimal comma look like thousands and mostly pass; it takes the
# range to name those rows. Pounds are a fair value in every row and an unlikely total. A wrong
# model file leaves the input perfect, so only the alert on forecasts rings.
#
# I would point at the two lines without alarms. Two shops of similar size exchanged, or everything
# a little too low: limits wide enough for a sunny Saturday let both walk through. Tighter limits
# would buy them with false alarms; a slow comparison with the till totals is the better tool.

# %% tags=["values"]
{
    "times-too-large-one-digit": f"{comparison['Times too large'].iloc[3]:.0f}",
    "times-too-large-two-digits": f"{comparison['Times too large'].iloc[5]:.0f}",
    "order-times-usual-first-days": f"{times_usual.iloc[2:8].mean():.1f}",
    "order-times-usual-later": f"{times_usual.iloc[8:].mean():.0f}",
    "spring-rows-shrunk-by-guess": f"{np.isclose(guessed * 1_000, truth).sum()}",
    "format-rows-comma": f"{caught.loc['Decimal comma, 2 digits', 'Rows: format (%)']:.0f}%",
    "format-rows-three-digits": f"{caught.loc['Decimal comma, 3 digits', 'Rows: format (%)']:.0f}%",
    "batch-days-pounds": f"{caught.loc['Pounds sent as kilograms', 'Days: batch (%)']:.0f}%",
    "forecast-days-model-file": f"{caught.iloc[-1]['Days: forecast (%)']:.0f}%",
    "small-bias-days": f"{caught.loc['All values 8% too low', 'Days: batch (%)']:.0f}%",
}

# %% [markdown]
# ## What I would say next
#
# Today: stop the automatic order. Once the shops have confirmed the format in writing, read the
# June files again as decimal comma, replace the stored days, and recompute. The warehouse gets a
# list of the orders already placed, with how much was too much.
#
# This week: the partner's format becomes a declared field of the contract, refused files go back to
# a named person, and a refused day falls back to last week's order, loudly. I would not let one bad
# row stop twenty shops: rows are refused one by one, a batch only when the batch rule fails.
#
# Unsure: my limits come from eight spring weeks of one product, so Christmas will ring them. With
# another hour I would replay last year, and put a number on the cost of a false alarm against a
# wrong lorry.

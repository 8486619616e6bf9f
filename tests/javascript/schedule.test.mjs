/** When a card comes back. Expected days are those of ts-fsrs with its own weights. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { later, load } from "./load.mjs";

const guide = load("vendor/fsrs.min.js", "js/schedule.js");
guide.days = { later };
const { schedule } = guide;
const answer = (rating, said, of = 4, on = "2026-03-10") => ({ rating, of, on, hit: [...Array(said).keys()] });

test("the moves said correct a rating by one grade", () => {
  const grades = [answer(1, 4), answer(2, 0), answer(2, 2), answer(3, 1), answer(3, 2), answer(3, 4)].map(
    schedule.grade
  );
  assert.deepEqual(grades, [1, 1, 2, 2, 3, 4]);
  assert.equal(schedule.grade(answer(3, 0, 0)), 3, "a card without moves");
});

test("no answer, no memory; then the days of FSRS", () => {
  assert.equal(schedule.replay([]), null);
  assert.equal(schedule.recall(null, "2026-03-10"), 0);
  const days = [answer(1, 4), answer(2, 2), answer(3, 2), answer(3, 4)].map(
    (one) => schedule.replay([one]).scheduled_days
  );
  assert.deepEqual(days, [1, 2, 3, 8]);
});

test("a day before that of the answer before counts as the same day", () => {
  const tries = [answer(3, 4, 4, "2026-03-10"), answer(3, 4, 4, "2026-03-09")];
  const same = [tries[0], answer(3, 4)];
  assert.equal(schedule.replay(tries).scheduled_days, schedule.replay(same).scheduled_days);
  assert.equal(schedule.recall(schedule.replay(tries), "2026-03-01"), 1, "a day before the newest answer");
});

test("at its day a card is recalled with nine chances in ten, and less from day to day", () => {
  const memory = schedule.replay([answer(3, 4)]);
  const recall = [0, 4, 8, 30].map((days) => schedule.recall(memory, later("2026-03-10", days)));
  assert.equal(recall[0], 1);
  assert.ok(Math.abs(recall[2] - 0.9) < 0.01, String(recall[2]));
  assert.deepEqual(
    [...recall].sort((a, b) => b - a),
    recall
  );
});

test("nothing comes back after the interview", () => {
  const due = (interview) => schedule.due("2026-03-10", 8, interview);
  assert.equal(due(""), "2026-03-18");
  assert.equal(due("2026-03-18"), "2026-03-17");
  assert.equal(due("2026-03-11"), "2026-03-11");
  assert.equal(due("2026-03-10"), "2026-03-18");
});

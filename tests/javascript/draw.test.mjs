/** Which cards a mock interview asks, and what filters and sessions look like in an address. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, plain } from "./load.mjs";

const { draw, filter, queue } = load("js/filter.js", "js/queue.js", "js/draw.js");
const FORMS = ["question", "question", "situation", "story", "situation"];
const LEVELS = ["foundation", "practitioner", "senior"];
const cards = Array.from({ length: 60 }, (_, n) => ({
  id: `card-${n}`,
  title: `Card ${n}`,
  line: `What is number ${n}?`,
  form: FORMS[n % 5],
  round: n % 2 ? "bench" : "counter",
  level: LEVELS[n % 3],
  minutes: 2 + (n % 3),
  roles: n % 4 ? ["baker"] : ["baker", "clerk"],
  topics: [`topic-${n % 7}`],
  moves: 4,
  follow_ups: n % 3,
}));
const rounds = ["bench", "counter"].map((id) => ({ id, title: id, order: 1, signals: [] }));
const data = { cards, rounds };
const baker = {
  id: "baker",
  title: "Baker",
  rounds: [
    { round: "bench", percent: 60 },
    { round: "counter", percent: 40 },
  ],
};

test("an interview fits its minutes, asks no card twice, and is the same for the same seed", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    for (const warmUp of [true, false]) {
      const made = draw.interview(data, baker, 45, seed, { warmUp });
      const takes = made.cards.reduce((sum, card) => sum + draw.takes(card), 0);
      assert.equal(takes, made.minutes);
      assert.ok(takes <= 45 && takes > 30, `${takes} minutes`);
      assert.equal(new Set(made.cards).size, made.cards.length);
      assert.deepEqual(plain(draw.interview(data, baker, 45, seed, { warmUp })), plain(made));
    }
  }
});

test("a warm-up is two plain questions, and none come later", () => {
  const made = draw.interview(data, baker, 45, 3, { warmUp: true });
  assert.deepEqual(plain(made.cards.slice(0, 2).map((card) => card.form)), ["question", "question"]);
  assert.ok(made.cards.slice(2).every((card) => card.form !== "question"));
});

test("plain questions fill an interview where a guide has few others", () => {
  const few = { cards: cards.filter((card) => card.form === "question" || card.id === "card-2"), rounds };
  const made = draw.interview(few, draw.onlyRound(rounds[1]), 45, 3, { warmUp: true });
  assert.ok(made.minutes > 30, `${made.minutes} minutes`);
  assert.ok(made.cards.some((card) => card.id === "card-2"));
});

test("one round and one level are all that is asked of them", () => {
  const made = draw.interview(data, draw.onlyRound(rounds[0]), 30, 5, { level: "senior" });
  assert.ok(made.cards.length > 2);
  assert.ok(made.cards.every((card) => card.round === "bench" && card.level === "senior"));
});

test("a filter is read from an address as it was written", () => {
  const query = "q=loaf&round=bench,counter&level=senior&form=question&minutes=4&evidence=yes&sort=due";
  assert.equal(filter.write(filter.parse(query)), query);
  assert.equal(filter.write(filter.parse("round=,,&minutes=many&sort=sideways")), "");
});

test("words of a filter are found where words begin", () => {
  const card = { title: "LoRA für A/B-Tests", line: "機械学習の評価", topics: ["trade-offs"] };
  const finds = (q, other) =>
    Boolean(filter.tests(filter.parse(`q=${encodeURIComponent(q)}`), "2026-03-10").q({ ...card, ...other }));
  for (const q of ["lora", "LOR", "fur", "a/b test", "tests", "trade offs", "学習"]) assert.ok(finds(q), q);
  for (const q of ["ora", "ests", "lora zebra"]) assert.ok(!finds(q), q);
  assert.ok(!finds("lora", { title: "Exploration, exploratory" }));
});

test("a session is read from an address as it was written", () => {
  const session = queue.begin("mock", ["card-1", "card-2"], {
    name: "Bench, senior",
    set: "round=bench&seed=5",
    minutes: 30,
  });
  session.said[0] = { rating: 2, hit: [0, 3], took: 95 };
  Object.assign(session, { order: [0], at: 1, stage: 2, ticked: [1], rec: 1 });
  const place = { search: "?mock=1", hash: queue.write(session) };
  assert.deepEqual(plain(queue.read(place, "card-2")), plain(session));
});

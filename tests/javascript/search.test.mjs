/** What the search finds, shows as missing and marks in scripts without spaces, and where marks may be left out. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const ASSETS = new URL("../../docs/assets/", import.meta.url);
const PAGES = [
  ["zh", "过拟合:训练集好", "用GPU训练的模型变差了,为什么? 看信息熵。"],
  ["ja", "過学習とは何か", "GPUで学習したモデルの決定木"],
  ["th", "การเรียนรู้ของเครื่องที่จำมากเกินไป", "แบบจำลองกับชุดทดสอบ"],
  ["hi", "ओवरफ़िटिंग क्या है", "काम का मॉडल"],
  ["en", "k-means and C++", "A p-value of the means."],
  ["ar", "الإفراط في التعلُّم", "نموذج ـ \u0301"],
];

/** What the worker answers to a query, of pages with a location, a title and a text: a list of items. */
function items(query, pages = PAGES) {
  let answer;
  const world = { postMessage: (message) => (answer = message.data) };
  world.addEventListener = (_, listener) => (world.tell = (type, data) => listener({ data: { type, data } }));
  world.self = world;
  vm.createContext(world);
  for (const name of ["vendor/minisearch.min.js", "vendor/stemmer.min.js", "js/search.js"])
    vm.runInContext(readFileSync(new URL(name, ASSETS), "utf8"), world, { filename: name });
  const [location, title, text] = [0, 1, 2].map((part) => pages.map((page) => page[part]));
  world.tell(0, { config: { fields: { title: { boost: 3 } } }, docs: { location, title, text } });
  world.tell(2, query);
  return answer.items;
}

/** The pages found, the words that are said to be missing on the first, and what is marked there. */
function ask(query, pages) {
  const found = items(query, pages).map(([first]) => first);
  const [best] = found;
  const marks = [...`${best.title} ${best.text}`.matchAll(/<mark>(.*?)<\/mark>/g)].map((match) => match[1]);
  const missing = Object.keys(best.terms).filter((word) => !best.terms[word]);
  return JSON.parse(JSON.stringify({ pages: found.map((one) => one.location), missing, marks }));
}

test("an anchor that the title gives is put back, any other stays", () => {
  for (const [at, title, found] of [
    ["terms.html#", "Precision@k (R²)", "terms.html#precision-k-r"],
    ["terms.html#learning-rate", "The learning rate", "terms.html#learning-rate"],
  ])
    assert.deepEqual(ask(title, [[at, title, ""]]).pages, [found]);
});

for (const [query, page, ...marks] of [
  ["过拟合", "zh", "过拟合"],
  ["拟合", "zh", "拟合"],
  ["熵", "zh", "熵"],
  ["信", "zh", "信"],
  ["モデル", "ja", "モデル"],
  ["ﾓﾃﾞﾙ", "ja", "モデル"],
  ["木", "ja", "木"],
  ["เครื่อง", "th", "เครื่อง"],
  ["แบบจำลอง", "th", "แบบจำลอง"],
  ["ทดสอบ", "th", "ทดสอบ"],
  ["ไป", "th", "ไป"],
  ["ओवरफिटिंग", "hi", "ओवरफ़िटिंग"],
  ["काम", "hi", "काम"],
  ["التعلم", "ar", "التعلُّم"],
  ["نموذج", "ar", "نموذج"],
])
  test(`“${query}” is found, is not said to be missing, and is marked, itself alone`, () => {
    assert.deepEqual(ask(query), { pages: [page], missing: [], marks });
  });

test("a Latin word within Chinese or Japanese is found as it is elsewhere", () => {
  const { pages, missing, marks } = ask("GPU");
  assert.deepEqual([pages.sort(), missing, marks], [["ja", "zh"], [], ["GPU"]]);
  assert.equal(ask("gpu训练").pages[0], "zh");
});

test("a vowel sign is part of an Indic word: another vowel is another word", () => {
  assert.deepEqual(ask("कम").pages, ["topics.html"]);
});

test("what is marked on the page that opens is no letter alone, which stands in every other word", () => {
  const terms = (query) => Object.keys(items(query)[0][0].terms);
  for (const query of ["k-means", "k means", "c++"]) assert.deepEqual(terms(query), [], query);
  assert.deepEqual(terms("p-value"), ["value"]);
});

test("where nothing was typed that could be a word, there is a way on", () => {
  for (const query of ["\u{1f642}", "?!"]) assert.equal(items(query)[0][0].location, "topics.html", query);
  assert.equal(items(" ").length, 0);
});

/** Lines of a calendar file: RFC 5545 folds them at 75 octets, and escapes what has a meaning. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { calendar } = load("js/calendar.js");
const event = {
  uid: "a@strong-loaf",
  first: "2026-03-10",
  after: "2026-03-12",
  summary: "Rye; wheat, spelt",
  description: "é".repeat(90),
};
const options = { product: "-//Strong Loaf//EN", name: "Two days", stamp: new Date("2026-03-01T09:30:00Z") };

test("no line is longer than 75 octets, and unfolded it says what was given", () => {
  const text = calendar([event], options);
  const lines = text.split("\r\n");
  assert.ok(lines.every((line) => new TextEncoder().encode(line).length <= 75));
  const whole = text.replaceAll("\r\n ", "");
  assert.ok(whole.includes(`DESCRIPTION:${event.description}\r\n`));
  assert.ok(whole.includes("SUMMARY:Rye\\; wheat\\, spelt\r\n"));
  assert.ok(whole.includes("DTSTART;VALUE=DATE:20260310\r\nDTEND;VALUE=DATE:20260312\r\n"));
});

test("a file made later has a greater sequence", () => {
  const sequence = (stamp) => Number(/SEQUENCE:(\d+)/.exec(calendar([event], { ...options, stamp }))[1]);
  assert.ok(sequence(new Date("2026-03-01T09:30:01Z")) > sequence(options.stamp));
});

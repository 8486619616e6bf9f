/** The site's scripts without a page: what touches none is tested here, the rest in a browser (tests/browser). */
import { readFileSync } from "node:fs";
import vm from "node:vm";

const ASSETS = new URL("../../docs/assets/", import.meta.url);

/** Run classic scripts, named from docs/assets/, in a world of their own; gives their shared object. */
export function load(...names) {
  const world = vm.createContext({ URLSearchParams, TextEncoder, StrongAnswer: { id: "strong-loaf" } });
  world.window = world;
  for (const name of names) vm.runInContext(readFileSync(new URL(name, ASSETS), "utf8"), world, { filename: name });
  return world.StrongAnswer;
}

/** A value of that world as one of this, for deepEqual. */
export const plain = (value) => JSON.parse(JSON.stringify(value));

/** A day so many days later. */
export const later = (day, days) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);

/* What the site's scripts share, for the type checker of editors and of `make lint` (tsconfig.json). Elements are `any`:
 * templates make them, and tests in a browser hold templates and scripts together. */

/** A day of the reader's own, "2026-11-30", or "". */
type Day = string;
type CardId = string;

interface Answer {
  hit: number[];
  of: number;
  rating: number;
}
interface Try extends Answer {
  at: string;
  on: Day;
}
interface CardState {
  seen: number;
  days: number;
  due: Day;
  last: Try | null;
  tries: Try[];
}
interface CardData {
  id: CardId;
  title: string;
  line: string;
  form: "question" | "situation" | "story";
  round: string;
  level: string;
  minutes: number;
  roles: string[];
  topics: string[];
  moves: number;
  follow_ups: number;
  evidence: boolean;
  statuses?: string[];
}
interface PlanRow {
  first: number;
  last: number;
  focus: string;
  cards: CardId[];
  plan?: string;
}
interface Titled {
  id: string;
  title: string;
}
interface GuideData {
  rounds: (Titled & { order: number; signals: string[] })[];
  levels: Titled[];
  roles: (Titled & { rounds: { round: string; percent: number }[]; must_do: CardId[] })[];
  topics: Titled[];
  plans: (Titled & { rows: PlanRow[] })[];
  collections: (Titled & { cards: CardId[] })[];
  cards: CardData[];
}
interface StoreOptions {
  version: number;
  empty(): any;
  valid(value: any): boolean;
  migrate?(value: any, version: number): any;
}
interface Store {
  get(): any;
  change(fn: (value: any) => unknown): boolean;
  clear(): void;
  damaged(): string[];
  listen(fn: (value: any) => unknown): unknown;
}
interface CalendarEvent {
  uid: string;
  first: Day;
  after: Day;
  summary: string;
  description: string;
  url?: string;
}

/** Each script adds its part; a page has the parts of the scripts that it names. */
interface Guide {
  id?: string;
  data?: GuideData;
  say?(message: string): void;
  download?(name: string, type: string, text: BlobPart): void;
  load?(...names: string[]): Promise<unknown>;
  copy?(text: string): Promise<void>;
  copyLink?(end: string): void;
  element?(name: string, properties?: object, ...children: (string | Node)[]): any;
  copyOf?(template: HTMLTemplateElement): any;
  count?(number: number, word: string): string;
  isRecord?(value: any): boolean;
  choose?(select: HTMLSelectElement, value: string): void;
  keep?(name: string, options: StoreOptions): Store;
  calendar?(events: CalendarEvent[], options: { product: string; name: string; stamp: Date }): string;
  shortcut?(event: KeyboardEvent, space?: boolean): boolean;
  rubric?(cards: Record<CardId, any>): void;
  schedule?: {
    KNOWN: number;
    grade(one: Answer): number;
    replay(tries: (Answer & { on: Day })[]): any;
    due(on: Day, days: number, interview: Day): Day;
    recall(memory: any, day: Day): number;
  };
  days?: {
    of(moment: Date): Day;
    today(): Day;
    later(day: Day, days: number): Day;
    between(from: Day, to: Day): number;
    valid(value: unknown): boolean;
    words(day: Day, form: Intl.DateTimeFormatOptions): string;
    withYear(day: Day, form: Intl.DateTimeFormatOptions): string;
  };
  progress?: {
    RATED: string[];
    answered(id: CardId): boolean;
    card(id: CardId): CardState;
    returns(id: CardId, answer: Answer): number;
    recall(id: CardId, day: Day): number;
    own(id: CardId): { star: boolean; note: string };
    put(id: CardId, part: { star?: boolean; note?: string }): boolean;
    starred(): CardId[];
    ids(): CardId[];
    record(id: CardId, answer: Answer, now?: Date): CardState & { kept: boolean };
    undo(id?: CardId): { id: CardId; was: Try } | null;
    statuses(id: CardId, today?: Day): string[];
    status(id: CardId, today?: Day): string;
    words(id: CardId, today?: Day): string;
    due(today?: Day): CardId[];
    missed(today?: Day): CardId[];
    exportText(): string;
    importText(text: string): string;
    erase(): void;
    damaged(): string[];
    listen(fn: () => unknown): unknown;
  };
  interview?: { get(): { what: string; on: Day }; set(value: { what: string; on: Day } | null): boolean };
  plans?: Store & { today(all: GuideData["plans"], day: Day): PlanRow[] };
  settings?: {
    get(name: string, otherwise?: any): any;
    set(name: string, value: any): boolean;
    erase(): void;
    listen(fn: () => unknown): unknown;
  };
  recordings?: {
    keep(place: number, sound: Blob): Promise<unknown>;
    all(): Promise<{ place: number; sound: Blob }[]>;
    forget(): Promise<unknown>;
    save(name: string, sound: Blob): void;
  };
  stages?: { last: number; show(number: number, follow?: boolean): void; goTo(element: any): void; name(number: number): string };
  filter?: any;
  queue?: any;
  draw?: any;
  results?: any;
  /** The form's data (form_data.py). */
  schema?: any;
  /** The form that writes a card: its parts add to it. */
  card?: any;
}

interface Window {
  StrongAnswer: Guide;
  markdownit: any;
  /** The theme's: what its components show, as it changes. */
  component$: any;
}
/** Vendored, classic scripts. */
declare const FSRS: any;
declare const MiniSearch: any;
declare const stemmer: any;

interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}
interface Element {
  closest(selectors: string): any;
}
interface Document {
  getElementById(id: string): any;
  readonly activeElement: any;
}
interface Event {
  readonly pointerType?: string;
}
interface XMLHttpRequest {
  bringsIndex?: boolean;
}

/* Worksheets: several sheets each, kept in the browser, out as Markdown, print and a file, and back in from the file.
 *
 * Kept: {current: id or null, sheets: [{id, name, changed: ISO time, fields: {field id: text}}]}.
 * The file: {format, version, worksheet, sheets}. Reading one adds to what is there and replaces nothing.
 */
(function () {
  "use strict";

  const root = document.querySelector("[data-worksheet]");
  if (!root) return;
  const guide = window.StrongAnswer;

  const FORMAT = `${guide.id}-worksheet`;
  const VERSION = 1;
  const MOST_SHEETS = 200;
  const MOST_BYTES = 2000000;
  const SIGNS_A_SECOND = 14; // about 140 spoken words a minute, six signs to a word
  const FROM_FILE = " (from file)";

  const kind = root.dataset.worksheet;
  const noun = root.dataset.noun;
  const which = document.getElementById("sa-which");
  const title = document.getElementById("sa-name");
  const file = document.getElementById("sa-file");
  const boxes = [...root.querySelectorAll("textarea[data-field]")];
  const inputs = [title, ...boxes];

  const isText = (value) => typeof value === "string";
  const { isRecord } = guide;

  function isSheet(sheet) {
    if (!isRecord(sheet) || !isRecord(sheet.fields) || sheet.id === "") return false;
    return [sheet.id, sheet.name, sheet.changed, ...Object.values(sheet.fields)].every(isText);
  }

  const store = guide.keep(`worksheet:${kind}`, {
    version: VERSION,
    empty: () => ({ current: null, sheets: [] }),
    valid: (value) => isRecord(value) && Array.isArray(value.sheets) && value.sheets.every(isSheet),
  });

  /** The sheet that this tab shows; null while it shows a new one that nobody has written on. */
  let shown = null;

  const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  const called = (sheet) => sheet.name.trim() || `Unnamed ${noun}`;
  const find = (value, id) => value.sheets.find((sheet) => sheet.id === id);
  const written = () => inputs.some((input) => input.value.trim() !== "");

  function form() {
    const fields = {};
    boxes.forEach((box) => {
      if (box.value !== "") fields[box.dataset.field] = box.value;
    });
    return fields;
  }

  // --- showing -----------------------------------------------------------------------------------------------------

  /** Put a text into a field, the cursor staying where it was. */
  function put(input, text) {
    if (input.value === text) return;
    const place = input.selectionStart;
    input.value = text;
    if (document.activeElement === input) input.setSelectionRange(place, place);
  }

  function measure(box) {
    const length = box.value.length;
    const seconds = Math.max(1, Math.round((length || box.maxLength) / SIGNS_A_SECOND));
    document.getElementById(`count-${box.dataset.field}`).textContent =
      `${length ? `${length} of` : "Up to"} ${box.maxLength} characters, about ${seconds} s aloud`;
  }

  function mirror() {
    inputs.forEach((input) => {
      // Line breaks become spaces on paper, so that a full sheet stays one sheet.
      input.parentElement.querySelector(".sa-paper__text").textContent = input.value.trim().replace(/\s+/g, " ");
    });
    boxes.forEach(measure);
    const filled = boxes.filter((box) => box.value.trim() !== "").length;
    document.getElementById("sa-filled").textContent = `${filled} of ${boxes.length} filled in.`;
  }

  function list(value) {
    const options = value.sheets.map((sheet) => new Option(called(sheet), sheet.id, false, sheet.id === shown));
    if (shown === null) options.push(new Option(`New ${noun}`, "", true, true));
    which.replaceChildren(...options);
  }

  function show(value) {
    const sheet = find(value, shown);
    if (!sheet) shown = null;
    put(title, sheet ? sheet.name : "");
    boxes.forEach((box) => put(box, sheet?.fields[box.dataset.field] || ""));
    list(value);
    mirror();
  }

  /** Show another sheet, or a new one for null; the next visit begins with it. */
  function open(id) {
    store.change((value) => (shown = value.current = id));
  }

  // --- keeping -----------------------------------------------------------------------------------------------------

  function write(input) {
    if (shown === null && !written()) return mirror();
    const id = shown === null ? newId() : shown;
    store.change((value) => {
      let sheet = find(value, id);
      if (!sheet) {
        sheet = { id: id, name: title.value, changed: "", fields: form() };
        value.sheets.push(sheet);
      }
      if (input === title) sheet.name = title.value;
      else if (input.value === "") delete sheet.fields[input.dataset.field];
      else sheet.fields[input.dataset.field] = input.value;
      sheet.changed = new Date().toISOString();
      shown = value.current = id;
    });
  }

  function remove() {
    const sheet = find(store.get(), shown);
    if (!sheet) return guide.say(`There is nothing to delete: this ${noun} is not written yet.`);
    if (!window.confirm(`Delete “${called(sheet)}”? It cannot be brought back.`)) return;
    store.change((value) => {
      value.sheets = value.sheets.filter((other) => other.id !== sheet.id);
      const next = value.sheets[0];
      shown = value.current = next ? next.id : null;
    });
    guide.say(`“${called(sheet)}” is deleted.`);
    which.focus();
  }

  // --- out ---------------------------------------------------------------------------------------------------------

  /** A name for a file, of letters and digits of any language. */
  function slug(text) {
    return text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60);
  }

  function markdown() {
    const name = title.value.trim();
    const lines = [`# ${root.dataset.title}${name ? `: ${name}` : ""}`];
    root.querySelectorAll(".sa-part").forEach((part) => {
      lines.push(`## ${part.querySelector("h2").firstChild.textContent.trim()}`);
      part.querySelectorAll(".sa-field").forEach((field) => {
        lines.push(`### ${field.querySelector("label").textContent.trim()}`);
        lines.push(field.querySelector("textarea").value.trim() || "*Nothing yet.*");
      });
    });
    return `${lines.join("\n\n")}\n`;
  }

  const copy = () =>
    guide.copy(markdown()).then(
      () => guide.say("Copied as Markdown."),
      () => guide.say("This browser did not let the page copy. Download the Markdown instead.")
    );

  function save() {
    const { sheets } = store.get();
    if (!sheets.length) return guide.say("There is nothing to save yet.");
    const content = { format: FORMAT, version: VERSION, worksheet: kind, sheets };
    guide.download(`${guide.id}-${kind}.json`, "application/json", `${JSON.stringify(content, null, 2)}\n`);
  }

  // --- in ----------------------------------------------------------------------------------------------------------

  /** What a file holds: {sheets, unknown}, or {problem}. Nothing is taken from a file that has a problem. */
  function parse(text) {
    let data;
    try {
      data = JSON.parse(text);
    } catch (_error) {
      return { problem: "it is not a file that this page saved" };
    }
    if (!isRecord(data) || data.format !== FORMAT) return { problem: "it is not a file that this page saved" };
    if (data.worksheet !== kind)
      return { problem: `it belongs to another worksheet (${String(data.worksheet).slice(0, 60)})` };
    if (!Number.isInteger(data.version)) return { problem: "it does not say its version" };
    if (data.version > VERSION) return { problem: "a newer version of this page saved it; reload the page" };
    if (!Array.isArray(data.sheets) || !data.sheets.every(isSheet)) return { problem: "a sheet in it is damaged" };
    if (data.sheets.length > MOST_SHEETS) return { problem: `it holds more than ${MOST_SHEETS} sheets` };
    let unknown = 0;
    const sheets = [];
    for (const sheet of data.sheets) {
      const fields = {};
      for (const box of boxes) {
        const name = box.dataset.field;
        if (!Object.hasOwn(sheet.fields, name) || sheet.fields[name] === "") continue;
        if (sheet.fields[name].length > box.maxLength)
          return { problem: "an answer in it is longer than its place on the sheet" };
        fields[name] = sheet.fields[name];
      }
      if (sheet.name.length > title.maxLength + FROM_FILE.length) return { problem: "a name in it is too long" };
      unknown += Object.keys(sheet.fields).filter((name) => !boxes.some((box) => box.dataset.field === name)).length;
      sheets.push({ id: sheet.id, name: sheet.name, changed: sheet.changed, fields: fields });
    }
    return { sheets, unknown };
  }

  const same = (one, other) =>
    boxes.every((box) => (one[box.dataset.field] || "") === (other[box.dataset.field] || ""));

  /** Put the sheets beside those that are there; returns how many were new, already here, and kept beside another. */
  function merge(value, sheets) {
    const done = { added: 0, here: 0, beside: 0, last: null };
    for (const sheet of sheets) {
      const twin = value.sheets.find(
        (mine) => (mine.name === sheet.name || mine.name === sheet.name + FROM_FILE) && same(mine.fields, sheet.fields)
      );
      if (twin) {
        done.here += 1;
        continue;
      }
      const taken = find(value, sheet.id);
      const added = taken
        ? { ...sheet, id: newId(), name: sheet.name.endsWith(FROM_FILE) ? sheet.name : sheet.name + FROM_FILE }
        : sheet;
      value.sheets.push(added);
      done[taken ? "beside" : "added"] += 1;
      done.last = added.id;
    }
    return done;
  }

  async function read(chosen) {
    const refuse = (why) => guide.say(`“${chosen.name}” was not read: ${why}. Nothing was changed.`);
    if (chosen.size > MOST_BYTES) return refuse("it is larger than any file that this page saves");
    let text;
    try {
      text = await chosen.text();
    } catch (_error) {
      return refuse("the browser could not open it");
    }
    const found = parse(text);
    if (found.problem) return refuse(found.problem);
    /** @type {any} */
    let done;
    store.change((value) => {
      done = merge(value, found.sheets);
      if (done.last !== null) shown = value.current = done.last;
    });
    const parts = [`${done.added} added`, `${done.here} already here`];
    if (done.beside) parts.push(`${done.beside} kept beside yours, named “…${FROM_FILE}”`);
    if (found.unknown) parts.push(`${found.unknown} left out that this page does not ask for`);
    guide.say(`Read “${chosen.name}”: ${parts.join(", ")}.`);
  }

  // --- the page ----------------------------------------------------------------------------------------------------

  const actions = {
    new: () => {
      open(null);
      title.focus();
    },
    delete: remove,
    print: () => window.print(),
    markdown: () =>
      guide.download(
        `${[guide.id, kind, slug(title.value)].filter(Boolean).join("-")}.md`,
        "text/markdown",
        markdown()
      ),
    copy,
    save,
    read: () => file.click(),
  };
  root.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", actions[button.dataset.do]));
  inputs.forEach((input) => input.addEventListener("input", () => write(input)));
  which.addEventListener("change", () => open(which.value || null));
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (chosen) await read(chosen);
    file.value = ""; // so that the same file can be chosen again
  });

  for (const tools of root.querySelectorAll(".sa-tools")) tools.hidden = false;
  store.listen(show);
  const kept = store.get();
  shown = find(kept, kept.current) ? kept.current : kept.sheets.length ? kept.sheets[0].id : null;
  show(kept);
})();

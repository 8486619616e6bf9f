/* The form for writing a card: made from the schema, checked while you write, kept as drafts in this browser. */
(function () {
  "use strict";

  const guide = window.StrongAnswer;
  const { card, element: make } = guide;
  const DATA = guide.schema;
  const root = document.querySelector("[data-sa-write]");
  if (!root) return;

  //: Addresses longer than this are refused by the forge (it answers 414), so the card goes by the clipboard.
  const LONGEST_ADDRESS = 8000;
  /** What a card begins with: the rest is asked once somebody wants to go on. */
  const FIRST = ["asked_as", "weak_answer", "say_first"];
  const CHECKBOXES = 14; // more choices than this are typed, with suggestions
  const TYPED = "textarea, input:not([type])"; // controls that take any text
  const form = document.getElementById("sa-write-form");
  const $ = (id) => document.getElementById(id);
  const piece = (name) => $(`sa-t-${name}`).content.firstElementChild.cloneNode(true);

  // --- drafts ------------------------------------------------------------------------------------------------------
  const isDraft = (draft) => draft && typeof draft === "object" && draft.data && typeof draft.data === "object";
  const store = guide.keep("card-drafts", {
    version: 1,
    empty: () => ({ drafts: {}, open: null }),
    valid: (value) => Boolean(value) && typeof value.drafts === "object" && Object.values(value.drafts).every(isDraft),
  });

  let name = null; // of the open draft
  let draft = null; // {data, id (null: made from the title), saved}
  let touched = new Set();
  let all = false; // whether problems of untouched fields are shown, too

  function blank(node) {
    const schema = card.resolve(node);
    if (schema.type === "object") {
      return Object.fromEntries(Object.entries(schema.properties).map(([key, field]) => [key, blank(field)]));
    }
    if (schema.type === "array") {
      const ids = card.resolve(schema.items).pattern;
      return ids ? [] : Array.from({ length: schema.minItems || 0 }, () => blank(schema.items));
    }
    return schema.format === "date" ? today() : "";
  }

  /** The day where the writer lives, "YYYY-MM-DD". */
  function today() {
    const now = new Date();
    return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  }

  /** What was kept, in the shape of a card: a draft of an older version of the site may lack or have other fields. */
  function fitted(node, value) {
    const schema = card.resolve(node);
    const empty = blank(node);
    if (schema.type === "object") {
      if (!value || typeof value !== "object") return empty;
      const entries = Object.entries(schema.properties);
      return Object.fromEntries(entries.map(([key, field]) => [key, fitted(field, value[key])]));
    }
    if (schema.type === "array")
      return Array.isArray(value) ? value.map((entry) => fitted(schema.items, entry)) : empty;
    const fits = typeof value === "string" || (schema.type === "integer" && typeof value === "number");
    return fits ? value : empty;
  }

  const fileName = () => (draft.id === null ? card.slug(String(draft.data.title)) : draft.id);

  const isWritten = (value) => (typeof value === "object" ? Object.values(value).some(isWritten) : value !== "");

  function openDraft(wanted) {
    const kept = store.get();
    name = wanted !== null && Object.hasOwn(kept.drafts, wanted) ? wanted : null;
    const found = name === null ? {} : kept.drafts[name];
    const id = typeof found.id === "string" ? found.id : null;
    draft = { data: fitted(DATA.card, found.data), id, saved: found.saved };
    if (name === null) name = `draft-${Date.now().toString(36)}`;
    touched = new Set();
    all = false;
    build();
    for (const field of form.querySelectorAll("[data-path]")) {
      const { path } = field.dataset;
      if (isWritten(get(path)) && path !== "reviewed") touched.add(path);
    }
    refresh();
    listDrafts();
  }

  let waiting = null;

  function save() {
    clearTimeout(waiting);
    waiting = null;
    draft.saved = new Date().toISOString();
    const kept = store.change((value) => {
      value.drafts[name] = draft;
      value.open = name;
    });
    $("sa-saved").textContent = kept ? "Kept in this browser." : "Not kept: download it before you leave.";
    listDrafts();
  }

  /** Show what another tab wrote in the draft that is open here too: saving here would undo it. */
  function follow({ drafts }) {
    if (waiting || !Object.hasOwn(drafts, name) || drafts[name].saved === draft.saved) return;
    const whole = form.classList.contains("is-whole");
    openDraft(name);
    if (whole) form.classList.add("is-whole");
  }

  function saveSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(save, 300);
  }

  function listDrafts() {
    const drafts = { ...store.get().drafts, [name]: draft };
    const option = ([key, one]) =>
      new Option(String(one.data.title || "").trim() || "Without a title", key, false, key === name);
    $("sa-drafts").replaceChildren(...Object.entries(drafts).map(option));
  }

  // --- the form ----------------------------------------------------------------------------------------------------
  const steps = (path) => path.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const get = (path) => (path === "id" ? fileName() : steps(path).reduce((value, step) => value[step], draft.data));

  function set(path, value) {
    const way = steps(path);
    const last = way.pop();
    way.reduce((inner, step) => inner[step], draft.data)[last] = value;
    changed();
  }

  function changed() {
    saveSoon();
    refresh();
  }

  const label = (key) => DATA.labels[key] || (key[0].toUpperCase() + key.slice(1)).replace(/_/g, " ");

  function build() {
    form.replaceChildren();
    const parts = Object.entries(DATA.card.properties);
    const place = (key) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
    for (const [key, field] of parts.sort(([one], [other]) => place(one) - place(other))) {
      const element = part(key, field, key, !DATA.card.required.includes(key));
      element.classList.toggle("sa-later", !FIRST.includes(key));
      form.append(element);
      if (key === "title") form.append(Object.assign(idField(), { className: "sa-field sa-later" }));
    }
    const more = piece("add");
    more.textContent = "Go on to the whole card";
    more.classList.add("sa-more-fields");
    more.addEventListener("click", () => {
      form.classList.add("is-whole");
      form.querySelector(".sa-later [data-control]").focus();
    });
    form.append(more);
    form.classList.toggle(
      "is-whole",
      Object.keys(card.clean(draft.data)).some((key) => !FIRST.includes(key) && key !== "reviewed")
    );
  }

  function part(key, node, path, optional) {
    const schema = card.resolve(node);
    if (schema.type === "object") return group(key, schema, path, optional);
    if (schema.type !== "array") return single(key, schema, path, optional);
    return card.resolve(schema.items).pattern ? picker(key, schema, optional) : list(key, schema, optional);
  }

  function frame(kind, words, description, path, optional) {
    const element = piece(kind);
    element.dataset.path = path;
    const head = element.querySelector("label, legend");
    head.textContent = words;
    if (optional) head.append(make("small", {}, " optional"));
    const hint = element.querySelector(".sa-field__hint");
    if (description) hint.textContent = description;
    else hint.remove();
    return element;
  }

  function group(key, schema, path, optional) {
    const element = frame("group", label(key), schema.description, path, optional);
    const place = element.querySelector(".sa-group__place");
    for (const [inner, field] of Object.entries(schema.properties)) {
      place.append(part(inner, field, `${path}.${inner}`, !schema.required.includes(inner)));
    }
    return element;
  }

  function single(key, schema, path, optional) {
    const element = frame("field", label(key), schema.description, path, optional);
    const control = input(key, schema, path);
    control.required = !optional;
    if (!control.matches(TYPED)) element.querySelector(".sa-field__count").remove();
    attach(element, control);
    control.addEventListener("input", () => set(path, read(control)));
    return element;
  }

  /** Put a control into its field, whose label names it and whose other parts describe it. */
  function attach(element, control) {
    const { path } = element.dataset;
    control.id = `sa-f-${path.replace(/\./g, "-")}`;
    control.dataset.control = path;
    element.querySelector("label").htmlFor = control.id;
    element.querySelector(".sa-field__place").append(control);
    const parts = [...element.querySelectorAll(":scope > :is(.sa-field__hint, .sa-field__count, .sa-field__problems)")];
    for (const part of parts) part.id = `${control.id}-${part.className.split("__")[1]}`;
    control.setAttribute("aria-describedby", parts.map((part) => part.id).join(" "));
  }

  function read(control) {
    if (control.type !== "number") return control.value;
    return control.value === "" ? "" : Number(control.value);
  }

  function input(key, schema, path) {
    const value = get(path);
    let control;
    if (schema.enum || DATA.references[key] || key === "cell") {
      control = make("select");
      choices(control, key, schema, path);
    } else if (schema.type === "string" && schema.maxLength > 120 && !schema.pattern) {
      control = make("textarea", { rows: schema.maxLength > 600 ? 6 : schema.maxLength > 300 ? 4 : 3 });
    } else {
      control = make("input");
      if (schema.type === "integer")
        Object.assign(control, { type: "number", min: schema.minimum, max: schema.maximum });
      if (schema.format === "date") control.type = "date";
      if (key === "url") control.inputMode = "url";
    }
    control.value = value;
    if (control.matches(TYPED)) control.spellcheck = key !== "url" && key !== "formula";
    return control;
  }

  function choices(control, key, schema, path) {
    const value = get(path);
    let known;
    if (schema.enum) known = schema.enum.map((word) => [word, word[0].toUpperCase() + word.slice(1)]);
    else if (key === "cell") {
      const notebook = DATA.known.notebook[get(path.replace(/cell$/, "notebook"))];
      known = (notebook ? notebook.cells : []).map((cell) => [cell, cell]);
    } else known = Object.entries(DATA.known[DATA.references[key]]).map(([id, one]) => [id, one.title]);
    if (value && !known.some(([id]) => id === value)) known.push([value, value]);
    control.replaceChildren(new Option("Choose …", ""), ...known.map(([id, words]) => new Option(words, id)));
    if (key === "notebook") {
      control.addEventListener("input", () => {
        set(path, control.value);
        const cell = form.querySelector(`[data-control="${path.replace(/notebook$/, "cell")}"]`);
        choices(cell, "cell", {}, cell.dataset.control);
        cell.value = "";
        cell.dispatchEvent(new Event("input"));
      });
    }
  }

  function idField() {
    const element = frame(
      "field",
      "File name",
      "Its address for ever: lower-case words joined by hyphens. Made from the title.",
      "id",
      false
    );
    const control = make("input", { spellcheck: false });
    element.querySelector(".sa-field__count").remove();
    attach(element, control);
    control.addEventListener("input", () => {
      draft.id = control.value.trim() || null;
      changed();
    });
    return element;
  }

  // Lists whose entries are written: moves, follow-ups, red flags, sources ...
  function list(key, schema, optional) {
    const element = frame("group", label(key), schema.description, key, optional);
    const place = element.querySelector(".sa-group__place");
    const values = draft.data[key];
    const one = DATA.singular[key] || label(key);
    values.forEach((_, index) => place.append(entry(key, schema, optional, index)));
    const add = piece("add");
    add.textContent = `Add a ${one.toLowerCase()}`.replace("a evidence", "evidence");
    add.disabled = values.length >= schema.maxItems;
    add.addEventListener("click", () => {
      values.push(blank(schema.items));
      rebuild(key, schema, optional, `${key}.${values.length - 1}`);
    });
    place.append(add);
    return element;
  }

  function entry(key, schema, optional, index) {
    const element = piece("entry");
    const here = `${key}.${index}`;
    const inner = card.resolve(schema.items);
    const one = DATA.singular[key] || label(key);
    element.querySelector("legend").textContent = `${one} ${index + 1}`;
    const place = element.querySelector(".sa-group__place");
    if (inner.type === "object") {
      for (const [field, node] of Object.entries(inner.properties)) {
        place.append(part(field, node, `${here}.${field}`, !inner.required.includes(field)));
      }
    } else {
      const field = single(key, inner, here, false);
      field.querySelector("label").textContent = `${one} ${index + 1}`;
      field.querySelector("label").classList.add("sa-unseen");
      place.append(field);
    }
    const values = draft.data[key];
    const moves = { up: index - 1, down: index + 1 };
    for (const button of element.querySelectorAll("[data-do]")) {
      const what = button.dataset.do;
      button.setAttribute("aria-label", `${button.textContent} ${one.toLowerCase()} ${index + 1}`);
      button.disabled = (what === "up" && index === 0) || (what === "down" && index === values.length - 1);
      button.addEventListener("click", () => {
        const [taken] = values.splice(index, 1);
        if (what !== "remove") values.splice(moves[what], 0, taken);
        const next = what === "remove" ? Math.min(index, values.length - 1) : moves[what];
        rebuild(key, schema, optional, next < 0 ? key : `${key}.${next}`);
      });
    }
    return element;
  }

  /** Makes a list anew after an entry came, went or moved, and puts the keyboard where the entry is. */
  function rebuild(key, schema, optional, focus) {
    const element = list(key, schema, optional);
    form.querySelector(`[data-path="${key}"]`).replaceWith(element);
    const target = element.querySelector(`[data-control="${focus}"], [data-control^="${focus}."]`);
    (target || element.querySelector(".sa-add")).focus();
    changed();
  }

  // Lists of ids: boxes to tick where there are few, else typed with suggestions.
  function picker(key, schema, optional) {
    const element = frame("group", label(key), schema.description, key, optional);
    element.classList.add("sa-picker");
    const kind = DATA.references[key];
    const known = DATA.known[kind];
    const place = element.querySelector(".sa-group__place");
    const chosen = () => draft.data[key];
    const add = (id) => set(key, [...chosen(), id]);
    const remove = (id) =>
      set(
        key,
        chosen().filter((one) => one !== id)
      );
    if (Object.keys(known).length <= CHECKBOXES) {
      for (const id of new Set([...Object.keys(known), ...chosen()])) {
        const choice = piece("choice");
        choice.querySelector("span").textContent = card.title(kind, id);
        const box = choice.querySelector("input");
        box.checked = chosen().includes(id);
        box.dataset.control = key;
        box.addEventListener("change", () => (box.checked ? add(id) : remove(id)));
        place.append(choice);
      }
      return element;
    }
    const chips = make("div", { className: "sa-chips" });
    const control = make("input", { id: `sa-f-${key}`, placeholder: "Type to find, Enter to add" });
    control.dataset.control = key;
    control.setAttribute("aria-label", `Add to ${label(key).toLowerCase()}`);
    const options = Object.entries(known).map(([id, one]) =>
      make("option", { value: id, label: one.title }, one.title)
    );
    const suggestions = make("datalist", { id: `${control.id}-list` }, ...options);
    control.setAttribute("list", suggestions.id);
    function take() {
      const typed = control.value.trim().toLowerCase();
      const id = Object.keys(known).find((one) => one === typed || known[one].title.toLowerCase() === typed);
      if (!id && typed) guide.say(`There is no ${kind} “${control.value.trim()}”, so nothing is added.`);
      if (!id || chosen().includes(id)) return;
      control.value = "";
      add(id);
      showChips();
    }
    control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      take();
    });
    control.addEventListener("change", take);
    function showChips() {
      chips.replaceChildren(...chosen().map(chipOf));
    }
    function chipOf(id) {
      const chip = piece("chip");
      chip.textContent = card.title(kind, id);
      chip.setAttribute("aria-label", `Remove ${chip.textContent}`);
      chip.addEventListener("click", () => {
        remove(id);
        showChips();
        control.focus();
      });
      return chip;
    }
    showChips();
    place.append(chips, control, suggestions);
    return element;
  }

  // --- what comes of it --------------------------------------------------------------------------------------------
  let drawing = false;

  function refresh() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      draw();
    });
  }

  function draw() {
    const id = fileName();
    const data = card.clean(draft.data);
    const problems = card.check(data, id);
    const idControl = $("sa-f-id");
    if (document.activeElement !== idControl) idControl.value = id;
    counts();
    tell(problems);
    card.show($("sa-write-preview"), data);
    send(data, id, problems.length);
  }

  function counts() {
    for (const place of form.querySelectorAll(".sa-field__count")) {
      const path = place.parentElement.dataset.path;
      const schema = schemaAt(path);
      const size = Array.from(String(get(path)).trim()).length;
      const short = size < (schema.minLength || 0) ? `, at least ${schema.minLength}` : "";
      place.textContent = schema.maxLength ? `${size} of ${schema.maxLength}${short}` : "";
    }
  }

  function schemaAt(path) {
    let node = DATA.card;
    for (const step of steps(path)) {
      const schema = card.resolve(node);
      node = typeof step === "number" ? schema.items : schema.properties[step];
    }
    return card.resolve(node);
  }

  /** The part of the form for a place in the card: the field itself, or the nearest part around it. */
  function fieldFor(loc) {
    for (let size = loc.length; size > 0; size--) {
      const field = form.querySelector(`[data-path="${loc.slice(0, size).join(".")}"]`);
      if (field) return field;
    }
    return form.firstElementChild;
  }

  /** Where a problem is, in the form's own words: "Follow-up 2, They ask". */
  function whereabouts(loc) {
    const words = [];
    loc.forEach((step, index) => {
      if (typeof step === "number")
        words[words.length - 1] = `${DATA.singular[loc[index - 1]] || label(loc[index - 1])} ${step + 1}`;
      else words.push(step === "id" ? "File name" : label(step));
    });
    return words.join(", ");
  }

  function tell(problems) {
    const byField = new Map();
    for (const problem of problems) {
      const field = fieldFor(problem.loc);
      byField.set(field, [...(byField.get(field) || []), problem]);
    }
    for (const field of form.querySelectorAll("[data-path]")) {
      const path = field.dataset.path;
      const found = all || touched.has(path) ? byField.get(field) || [] : [];
      const place = field.querySelector(":scope > .sa-field__problems");
      place.replaceChildren(...found.map((problem) => make("li", {}, problem.message)));
      const control = field.querySelector(":scope > .sa-field__place > [data-control]");
      if (control) control.setAttribute("aria-invalid", String(found.length > 0));
    }
    const words = problems.length
      ? `${problems.length} of the card's parts are still open`
      : "Complete: studyguide check says the rest";
    const count = $("sa-write-count");
    if (count.textContent !== words) count.textContent = words;
    count.classList.toggle("sa-write__good", problems.length === 0);
    $("sa-write-list").hidden = problems.length === 0;
    $("sa-write-problems").replaceChildren(
      ...problems.map((problem) => {
        const go = make("button", { type: "button" }, problem.message);
        go.addEventListener("click", () => {
          all = true;
          refresh();
          const control = fieldFor(problem.loc).querySelector("[data-control], button");
          control.focus();
          control.scrollIntoView({ block: "center" });
        });
        return make("li", {}, make("small", {}, whereabouts(problem.loc)), go);
      })
    );
  }

  let yaml = "";
  let tooLong = false;

  function send(data, id, problems) {
    yaml = card.yaml(data);
    const path = `${DATA.folder}/${data.round || "<round>"}/${id || "<name>"}.yml`;
    $("sa-write-path").textContent = path;
    $("sa-write-yaml").textContent = yaml;
    const open = $("sa-write-open");
    const start = newFile();
    open.hidden = !start;
    const still = problems ? "Whoever checks the file is told what is still open. " : "";
    if (!start) {
      $("sa-write-how").textContent = `${still}Put it there${DATA.repo ? ", and open a pull request" : ""}.`;
      return;
    }
    const whole = `${start}?${new URLSearchParams({ filename: path, value: yaml })}`;
    tooLong = whole.length > LONGEST_ADDRESS;
    open.href = tooLong ? `${start}?${new URLSearchParams({ filename: path })}` : whole;
    const how = tooLong
      ? "The card is too long for an address: the button copies it, and you paste it into the page that opens."
      : "The button opens the page with the card filled in; you commit it there, and it becomes a pull request.";
    $("sa-write-how").textContent = still + how;
  }

  /** The address of the forge's page for a new file; nothing where we do not know that forge. */
  function newFile() {
    try {
      return /(^|\.)github\./.test(new URL(DATA.repo).host) ? `${DATA.repo}/new/main` : null;
    } catch (_error) {
      return null;
    }
  }

  const download = () => guide.download(`${fileName() || "card"}.yml`, "text/yaml", yaml);

  /** Copy the card and say so; where the browser does not let the page copy, download it and say that. */
  const copy = (copied, downloaded) =>
    guide.copy(yaml).then(
      () => guide.say(copied),
      () => {
        download();
        guide.say(downloaded);
      }
    );

  $("sa-write-open").addEventListener("click", () => {
    all = true;
    refresh();
    if (tooLong)
      copy(
        "The card was too long for an address, so it was copied: paste it into the page that opened.",
        "The card was too long for an address and could not be copied, so it was downloaded: upload it on the page that opened."
      );
  });
  $("sa-write-copy").addEventListener("click", () =>
    copy("Copied.", "This browser does not let the page copy, so the file was downloaded.")
  );
  $("sa-write-download").addEventListener("click", download);

  $("sa-drafts").addEventListener("change", (event) => {
    if (waiting) save();
    openDraft(event.target.value);
    store.change((value) => (value.open = name));
  });
  $("sa-draft-new").addEventListener("click", () => {
    if (waiting) save();
    openDraft(null);
    form.querySelector("[data-control]").focus();
  });
  $("sa-draft-erase").addEventListener("click", () => {
    if (!window.confirm("Erase this draft? It cannot be brought back.")) return;
    clearTimeout(waiting);
    waiting = null;
    store.change((value) => {
      delete value.drafts[name];
      value.open = Object.keys(value.drafts).pop() || null;
    });
    openDraft(store.get().open);
    $("sa-saved").textContent = "Erased.";
  });
  form.addEventListener("focusout", (event) => {
    const field = event.target.closest("[data-path]");
    if (!field || !event.target.dataset.control) return;
    touched.add(field.dataset.path);
    refresh();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("pagehide", () => waiting && save());

  openDraft(store.get().open);
  store.listen(follow);
  window.addEventListener("pageshow", () => follow(store.get()));
  root.hidden = false;
})();

/* The recordings of a mock interview, from question to question: kept in this browser (IndexedDB), by the place of the
 * question, until the next interview begins or everything is erased (progress.js). They are never sent. */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const STORE = "answers";

  /** Do something with the store; rejects where the browser keeps nothing. `work(store)` gives a request. */
  function within(mode, work) {
    return new Promise((done, failed) => {
      const opening = indexedDB.open(`${guide.id}-recordings`, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { autoIncrement: true });
      opening.onerror = () => failed(opening.error);
      opening.onsuccess = () => {
        const change = opening.result.transaction(STORE, mode);
        const request = work(change.objectStore(STORE));
        change.oncomplete = () => (opening.result.close(), done(request.result));
        change.onabort = () => (opening.result.close(), failed(change.error));
      };
    });
  }

  guide.recordings = {
    /** Keep what was said to the question at a place; several recordings of one question all stay. */
    keep: (place, sound) => within("readwrite", (store) => store.add({ place: place, sound: sound })),
    /** All that is kept, as it was said: [{place, sound: a Blob}]. */
    all: () => within("readonly", (store) => store.getAll()),
    forget: () => within("readwrite", (store) => store.clear()),
    /** Hand a recording to the reader as a file, its ending that of its kind. */
    save(name, sound) {
      const kind = sound.type.split(";")[0];
      guide.download(`${name}.${kind.split("/")[1] || "audio"}`, kind, sound);
    },
  };
})();

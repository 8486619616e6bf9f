/* What pages are filled in with: elements, numbers with their nouns, choices. Not on a card that is read by itself. */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});

  /** A new element with these properties and children. */
  guide.element = function (name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  /** A copy of the one element that a template holds. */
  guide.copyOf = (template) => template.content.firstElementChild.cloneNode(true);

  /** A number with what it counts, in the singular or the plural: "1 card", "2 cards". */
  guide.count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  /** Choose a value in a select that has it; others stay as they are. */
  guide.choose = function (select, value) {
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  };
})();

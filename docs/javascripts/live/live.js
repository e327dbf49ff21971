// Gives every example of the page a Run button. Python is fetched when the first of them is pressed, not before.
import { Block } from "./block.js";
import { read } from "./doctest.js";
import { Group } from "./group.js";
import { startPlayground } from "./playground.js";
import { startTrainer } from "./trainer.js";

const EXAMPLES = ".language-python.highlight, .language-pycon.highlight";
const NO_EXAMPLES = ".doc-signature, details, .tabbed-set, .live-not"; // signatures, and the library's own source

/** The module that a page of the reference is about: its examples see its names. */
const moduleOf = (path) => {
  const parts = path.match(/\/reference\/(.+?)\/?(?:index\.html)?$/)?.[1].split("/") ?? [];
  return parts.length > 0 ? ["micrograd", ...parts].join(".") : "";
};

/** The page says to its tests, in a comment, which block is not to run. */
const isSkipped = (element) => {
  let before = element.previousSibling;
  while (before?.nodeType === Node.TEXT_NODE && !before.data.trim()) before = before.previousSibling;
  return before?.nodeType === Node.COMMENT_NODE && before.data.includes("skip: next");
};

/** An empty line of output, which a doctest has to spell out as <BLANKLINE>, is empty to the reader. */
const emptyLines = (code) => {
  const words = [...code.querySelectorAll("span")].filter((word) => word.textContent === "BLANKLINE");
  for (const word of words) for (const part of [word.previousSibling, word.nextSibling, word]) part.remove();
};

/** Enliven the examples below `root`, which is the page at `path`; the blocks, in their order. */
export const enliven = (root = document, path = location.pathname) => {
  const module = moduleOf(path);
  const groups = new Map();
  const found = [...root.querySelectorAll(EXAMPLES)].filter((element) => !element.closest(NO_EXAMPLES) && !isSkipped(element));
  return found.map((element) => {
    const home = (module && element.closest(".doc-contents")) || root;
    if (!groups.has(home)) groups.set(home, new Group(`${path} ${groups.size}`, module));
    const group = groups.get(home);
    const code = element.querySelector("code");
    const block = new Block(element, read(code.textContent), group);
    emptyLines(code);
    group.blocks.push(block);
    return block;
  });
};

const startPage = () => {
  enliven();
  startPlayground(document);
  startTrainer(document);
};

// Where the theme swaps pages without loading them anew, it tells so here.
if (window.document$) window.document$.subscribe(startPage);
else startPage();

// What a keyboard or a screen reader needs beyond what the theme gives.
const makeAccessible = (root) => {
  for (const search of root.querySelectorAll(".md-search[role='dialog']")) search.setAttribute("aria-label", "Search");
  for (const graph of root.querySelectorAll(".graph, div.arithmatex, .md-typeset__scrollwrap, pre > code")) {
    if (graph.scrollWidth > graph.clientWidth) graph.tabIndex = 0; // or its right end is out of a keyboard's reach
  }
};

makeAccessible(document);
addEventListener("load", () => makeAccessible(document)); // the theme wraps tables, and fonts widen them, later

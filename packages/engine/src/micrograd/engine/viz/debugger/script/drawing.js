// What lies open, drawn: cards, boxes and the lines between them. Where a box opens or closes, what was there stays and moves
// aside; a step only changes classes and numbers. Nothing here asks the browser for a size, which would have it lay out
// the page in the middle of a change.

class Drawing {
  constructor(graph, actions) {
    this.graph = graph;
    this.actions = actions;
    this.open = new Set();
    this.cards = new Map();
    this.boxes = new Map();
    this.edges = new Map();
    this.notes = new Notes(graph);
    this.units = document.getElementById("units");
    this.lines = document.getElementById("lines");
  }

  draw() {
    const plan = arrange(this.graph, 0, (box) => this.open.has(box));
    this.size = [plan.size[0] + 2 * PAD, plan.size[1] + 2 * PAD];
    this.before = { cards: this.cards, boxes: this.boxes, edges: this.edges };
    [this.cards, this.boxes, this.edges, this.drawn] = [new Map(), new Map(), new Map(), []];
    this.inside(plan, PAD, PAD);
    settle(this.units, this.drawn);
    settle(this.lines, [...this.edges.values()].map(({ line }) => line));
    const [width, height] = this.size;
    this.lines.setAttribute("width", width);
    this.lines.setAttribute("height", height);
  }

  inside(plan, x, y) {
    plan.edges.forEach(([u, v], k) => this.edge(`${plan.box} ${k}`, plan.units[u], plan.units[v], pathOf(plan.routes[k], x, y)));
    plan.units.forEach((unit, k) => {
      const [left, top, width, height] = plan.boxes[k];
      const spot = [x + left, y + top, width, height];
      if (unit >= 0) this.node(unit, spot);
      else this.box(~unit, spot, plan.inner.get(k));
    });
  }

  edge(key, from, to, path) {
    const edge = this.before.edges.get(key) ?? { line: document.createElementNS("http://www.w3.org/2000/svg", "path"), from, to };
    if (edge.path !== path) edge.line.setAttribute("d", path);
    edge.path = path;
    this.edges.set(key, edge);
  }

  node(place, spot) {
    const card = this.before.cards.get(place) ?? new Card(this.graph, place, this.actions);
    this.cards.set(place, card);
    this.place(card, spot);
  }

  box(number, spot, inner) {
    const before = this.before.boxes.get(number);
    const box = before?.isOpen === Boolean(inner) ? before : new Box(this.graph, number, Boolean(inner), this.actions);
    this.boxes.set(number, box);
    this.place(box, spot);
    if (inner) this.inside(inner, spot[0] + PAD, spot[1] + HEAD);
  }

  place(unit, spot) {
    ["left", "top", "width", "height"].forEach((side, k) => {
      if (unit.spot?.[k] !== spot[k]) unit.made.style[side] = `${spot[k]}px`;
    });
    unit.spot = spot;
    this.drawn.push(unit.made);
  }

  // The card or the closed box in which a node can be seen.
  visible(place) {
    const unit = this.unitOf(place);
    return unit < 0 ? this.boxes.get(~unit) : this.cards.get(unit);
  }

  unitOf(place) {
    const closed = this.graph.wayDown(this.graph.home[place]).slice(1).find((box) => !this.open.has(box));
    return closed === undefined ? place : ~closed;
  }

  // ---- at a step -----------------------------------------------------------------------------------------------------

  show(step, selected) {
    const { graph } = this;
    const { phase, place } = graph.at(step);
    const slots = place >= 0 && phase !== "seed" ? graph.slots(place) : [];
    const involved = new Set(slots.filter((slot) => graph.slotSource[slot] >= 0).map((slot) => this.unitOf(graph.slotSource[slot])));
    const now = place >= 0 ? this.unitOf(place) : null;
    involved.delete(now);
    const moment = { step, phase, now, involved, selected };
    this.notes.clear();
    for (const card of this.cards.values()) card.show(moment);
    for (const box of this.boxes.values()) box.show(moment);
    for (const edge of this.edges.values()) this.showEdge(edge, moment);
    if (phase === "backward") this.notes.show(slots, (source) => this.visible(source));
  }

  showEdge(edge, { step, phase, now, involved }) {
    const active = edge.to === now && involved.has(edge.from);
    const state = active ? `active ${phase}` : this.graph.isPast(edge.from, step) ? "done" : "todo";
    if (edge.state === state) return;
    edge.state = state;
    const backward = active && phase === "backward";
    edge.line.setAttribute("class", `edge ${state}`);
    edge.line.setAttribute("marker-end", backward ? "" : `url(#head-${active ? phase : state})`);
    edge.line.setAttribute("marker-start", backward ? "url(#tail)" : "");
  }
}

// Have exactly these children in this order, and touch none that is in its place already: boxes inside of boxes lie above
// them, and the tab key walks in the order of the page.
function settle(parent, wanted) {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstChild;
  for (const child of wanted) {
    if (child === next) next = next.nextSibling;
    else parent.insertBefore(child, next);
  }
}

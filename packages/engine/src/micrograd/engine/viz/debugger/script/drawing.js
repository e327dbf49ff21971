// What lies open and in view, drawn: cards, boxes and the lines between them. Where a box opens or closes, what was there stays
// and moves aside; a step only changes classes and numbers. What is out of view isn't there at all, so that a step costs
// what is seen of a graph, not what it holds; from afar, an open box too small to look into is a block. Nothing here asks
// the browser for a size, which would have it lay out the page in the middle of a change.

const MARGIN = 0.35; // of the view, drawn around it: the picture moves so far before there is something to add
const BLOCK = 60; // pixels across: a smaller box is a block

class Drawing {
  constructor(graph, actions) {
    this.graph = graph;
    this.actions = actions;
    this.open = new Set();
    this.plans = new Map();
    this.cards = new Map();
    this.boxes = new Map();
    this.edges = new Map();
    this.blocks = new Set();
    this.notes = new Notes(graph);
    this.units = document.getElementById("units");
    this.lines = document.getElementById("lines");
    this.arrange();
  }

  // ---- boxes ---------------------------------------------------------------------------------------------------------

  fold(boxes, isOpen) {
    for (const box of boxes) {
      if (isOpen) this.open.add(box);
      else this.open.delete(box);
      this.graph.wayDown(box).forEach((around) => this.plans.delete(around));
    }
    this.arrange();
  }

  arrange() {
    this.plan = arrange(this.graph, 0, (box) => this.open.has(box), this.plans);
    this.size = [this.plan.size[0] + 2 * PAD, this.plan.size[1] + 2 * PAD];
    this.window = null;
  }

  // Where a card or box lies; all around it has to be open.
  spotOf(unit) {
    const { home, groups } = this.graph;
    return spotOf(this.plan, this.graph.wayDown(unit < 0 ? groups[~unit][2] : home[unit]), unit);
  }

  // The node itself, or the closed box that it lies in.
  unitOf(place) {
    const closed = this.graph.wayDown(this.graph.home[place]).slice(1).find((box) => !this.open.has(box));
    return closed === undefined ? place : ~closed;
  }

  // ---- what is in view -----------------------------------------------------------------------------------------------

  // The node itself, or the box that stands for it at this zoom.
  seenAs(place) {
    const box = this.graph.wayDown(this.graph.home[place]).slice(1).find((around) => !this.open.has(around) || this.blocks.has(around));
    return box === undefined ? place : ~box;
  }

  // Whether all that the camera can see is there, as closely as it looks.
  covers(camera) {
    const isCloser = this.blocks.size && camera.zoom > 1.2 * this.zoom;
    return this.window && !isCloser && contains(this.window, this.within(camera.view()));
  }

  // The part of a rectangle that the picture fills.
  within([x, y, width, height]) {
    const [left, top] = [Math.max(0, x), Math.max(0, y)];
    return [left, top, Math.max(0, Math.min(this.size[0], x + width) - left), Math.max(0, Math.min(this.size[1], y + height) - top)];
  }

  fill(camera) {
    const [x, y, width, height] = camera.view();
    this.zoom = camera.zoom;
    this.blocks.clear();
    this.window = [x - MARGIN * width, y - MARGIN * height, (1 + 2 * MARGIN) * width, (1 + 2 * MARGIN) * height];
    this.before = { cards: this.cards, boxes: this.boxes, edges: this.edges };
    [this.cards, this.boxes, this.edges, this.drawn] = [new Map(), new Map(), new Map(), []];
    this.inside(this.plan, PAD, PAD);
    settle(this.units, this.drawn);
    settle(this.lines, [...this.edges.values()].map(({ line }) => line));
    this.lines.setAttribute("width", this.size[0]);
    this.lines.setAttribute("height", this.size[1]);
  }

  inside(plan, x, y) {
    const seen = ([left, top, width, height]) => meets([x + left - PAD, y + top - PAD, width + 2 * PAD, height + 2 * PAD], this.window);
    plan.edges.forEach(([u, v], k) => {
      if (seen(plan.bounds[k])) this.edge(`${plan.box} ${k}`, plan.units[u], plan.units[v], pathOf(plan.routes[k], x, y));
    });
    plan.units.forEach((unit, k) => {
      if (!seen(plan.boxes[k])) return;
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
    if (inner && Math.max(spot[2], spot[3]) * this.zoom < BLOCK) this.blocks.add(number);
    else if (inner) this.inside(inner, spot[0] + PAD, spot[1] + HEAD);
  }

  place(unit, spot) {
    ["left", "top", "width", "height"].forEach((side, k) => {
      if (unit.spot?.[k] !== spot[k]) unit.made.style[side] = `${spot[k]}px`;
    });
    unit.spot = spot;
    this.drawn.push(unit.made);
  }

  // ---- at a step -----------------------------------------------------------------------------------------------------

  show(step, selected, camera) {
    const { graph } = this;
    this.notes.clear();
    if (!this.covers(camera)) this.fill(camera);
    const { phase, place } = graph.at(step);
    const slots = place >= 0 && phase !== "seed" ? graph.slots(place) : [];
    const involved = new Set(slots.filter((slot) => graph.slotSource[slot] >= 0).map((slot) => this.seenAs(graph.slotSource[slot])));
    const now = place >= 0 ? this.seenAs(place) : null;
    involved.delete(now);
    const moment = { step, phase, now, involved, selected };
    for (const card of this.cards.values()) card.show(moment);
    for (const box of this.boxes.values()) box.show(moment, this.blocks.has(box.number));
    for (const edge of this.edges.values()) this.showEdge(edge, moment);
    if (phase === "backward") this.notes.show(slots, (source) => this.drawnFor(source));
  }

  // The card or box in which a node is seen, if it is in view.
  drawnFor(place) {
    const unit = this.seenAs(place);
    return unit < 0 ? this.boxes.get(~unit) : this.cards.get(unit);
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

// What lies open, drawn: cards, operations, boxes and lines. Drawn anew when a box opens or closes; a step only changes
// the classes and the numbers of what is there.

class Drawing {
  constructor(graph, actions) {
    this.graph = graph;
    this.actions = actions;
    this.open = new Set();
    this.units = document.getElementById("units");
    this.lines = document.getElementById("lines");
  }

  draw() {
    this.cards = new Map();
    this.boxes = new Map();
    this.edges = [];
    this.units.replaceChildren();
    this.lines.replaceChildren();
    const plan = arrange(this.graph, 0, (box) => this.open.has(box));
    this.size = [plan.size[0] + 2 * PAD, plan.size[1] + 2 * PAD];
    this.inside(plan, PAD, PAD);
    const [width, height] = this.size;
    this.lines.setAttribute("width", width);
    this.lines.setAttribute("height", height);
  }

  inside(plan, x, y) {
    plan.edges.forEach(([u, v], k) => this.edge(plan.units[u], plan.units[v], pathOf(plan.routes[k], x, y)));
    plan.units.forEach((unit, k) => {
      const [left, top, width, height] = plan.boxes[k];
      const spot = [x + left, y + top, width, height];
      if (unit >= 0) this.node(unit, spot);
      else this.box(~unit, spot, plan.inner.get(k));
    });
  }

  place(made, [x, y, width, height]) {
    Object.assign(made.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    made.spot = [x, y, width, height];
    this.units.append(made);
  }

  edge(from, to, path) {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    line.setAttribute("class", "edge");
    this.lines.append(line);
    this.edges.push({ line, from, to });
  }

  node(place, spot) {
    const { graph } = this;
    const made = element("div", `unit ${graph.kind(place)}`);
    made.dataset.place = place;
    if (graph.op[place] >= 0) made.append(this.operation(place), element("span", "stem"));
    const card = this.card(place);
    made.append(card.root);
    if (graph.op[place] >= 0) made.append(...this.chips(place));
    made.addEventListener("click", () => this.actions.select(place));
    this.place(made, spot);
    this.cards.set(place, { made, ...card });
  }

  // Operands from outside of the box, by name.
  chips(place) {
    const { graph } = this;
    const home = graph.home[place];
    const outside = graph.slots(place).filter((slot) => {
      const source = graph.slotSource[slot];
      return source >= 0 && !graph.wayDown(graph.home[source]).includes(home);
    });
    const made = element("span", "chips");
    for (const slot of outside) {
      const source = graph.slotSource[slot];
      const name = graph.shortName(graph.name(source), graph.around(home));
      const chip = element("button", "chip", name || this.value(source));
      chip.title = `reads ${this.title(source)}`;
      chip.tabIndex = -1;
      chip.addEventListener("click", (event) => { event.stopPropagation(); this.actions.jump(source); });
      made.append(chip);
    }
    return outside.length ? [made] : [];
  }

  operation(place) {
    const op = this.graph.ops[this.graph.op[place]];
    const sign = { "*": "×", "-": "−" }[op.symbol] ?? op.symbol;
    const made = element("span", `op${sign.length === 1 ? " sign" : ""}`, sign);
    made.style.width = `${op.width}px`;
    return made;
  }

  card(place) {
    const { graph } = this;
    const array = graph.arrays[place];
    const tag = element("span", "tag", [{ param: "param", input: "input" }[graph.kind(place)] ?? "", array?.shape ?? ""].filter(Boolean).join(" "));
    const own = graph.shortName(graph.name(place), graph.around(graph.home[place]));
    const name = element("span", own ? "name" : "name formula-name", own || this.formula(place));
    const value = element("span", "value");
    const gradient = element("span", "gradient");
    const root = element("div", "card", element("div", "head", name, tag),
      element("div", "row", element("span", "cell", element("i", "", "data"), value), element("span", "cell", element("i", "", "grad"), gradient)));
    root.title = this.title(place);
    if (!array) return { root, value, gradient };
    const maps = { data: element("span", "map", heatMap(array, 76, 42)), grad: element("span", "map") };
    root.append(element("div", "row maps", maps.data, maps.grad));
    return { root, value, gradient, maps };
  }

  // What stands for the name of a node that has none: how it was computed.
  formula(place) {
    const { graph } = this;
    if (graph.op[place] < 0) return "";
    const box = graph.around(graph.home[place]);
    const parts = graph.slots(place).map((slot) => {
      const source = graph.slotSource[slot];
      return (source >= 0 && graph.shortName(graph.name(source), box)) || graph.operandText(slot);
    });
    return applied(graph.ops[graph.op[place]], parts);
  }

  value(place) { return this.graph.isArray(place) ? `[${this.graph.arrays[place].shape}]` : short(this.graph.data[place]); }

  title(place) { return this.graph.name(place) || `node ${place} = ${this.value(place)}`; }

  box(number, spot, inner) {
    const { graph } = this;
    const [name, kind] = graph.groups[number];
    const range = this.range(number);
    const made = element("div", `box ${kind}${inner ? " is-open" : ""}`);
    made.dataset.box = number;
    const shown = graph.shortName(name, graph.around(graph.groups[number][2]));
    const button = element("button", "boxname", element("span", "fold", inner ? "▾" : "▸"), element("span", "name", shown));
    button.title = `${name}: ${range.count ? `${range.count} operations` : "leaves"}`;
    button.setAttribute("aria-expanded", Boolean(inner));
    button.addEventListener("click", (event) => { event.stopPropagation(); this.actions.toggle(number); });
    made.append(button);
    const progress = element("span", "progress", element("span", "bar"));
    const words = element("span", "words");
    if (!inner) made.append(element("div", "closed", words, progress));
    if (!inner) made.addEventListener("click", () => this.actions.toggle(number));
    this.place(made, spot);
    if (!range.count) words.textContent = `${this.leaves(number)} leaves`;
    this.boxes.set(number, { made, words, bar: progress.firstChild, ...range });
    if (inner) this.inside(inner, spot[0] + PAD, spot[1] + HEAD);
  }

  leaves(number) {
    return this.graph.groups[number][4].reduce((sum, unit) => sum + (unit < 0 ? this.leaves(~unit) : 1), 0);
  }

  // The operations in a box, in the order in which they run.
  range(number) {
    const { graph } = this;
    graph.ranges ??= new Map();
    if (!graph.ranges.has(number)) {
      const ranks = [], steps = [];
      const stack = [number];
      while (stack.length) {
        for (const unit of graph.groups[stack.pop()][4]) {
          if (unit < 0) stack.push(~unit);
          else if (graph.op[unit] >= 0) {
            ranks.push(graph.rank[unit] + 1);
            if (graph.backStep[unit] >= 0) steps.push(graph.backStep[unit]);
          }
        }
      }
      const exit = ranks.length ? graph.forward[ranks.reduce((most, rank) => Math.max(most, rank)) - 1] : -1;
      graph.ranges.set(number, { ranks: Int32Array.from(ranks).sort(), steps: Int32Array.from(steps).sort(), count: ranks.length, exit });
    }
    return graph.ranges.get(number);
  }

  // The card or the closed box in which a node can be seen.
  visible(place) {
    for (const box of this.graph.wayDown(this.graph.home[place]).slice(1)) {
      if (!this.open.has(box)) return this.boxes.get(box)?.made;
    }
    return this.cards.get(place)?.made;
  }

  unitOf(place) {
    const closed = this.graph.wayDown(this.graph.home[place]).slice(1).find((box) => !this.open.has(box));
    return closed === undefined ? place : ~closed;
  }

  // ---- a step --------------------------------------------------------------------------------------------------------

  show(step, selected) {
    const { graph } = this;
    const { phase, place } = graph.at(step);
    const slots = place >= 0 && phase !== "seed" ? graph.slots(place) : [];
    const involved = new Set(slots.filter((slot) => graph.slotSource[slot] >= 0).map((slot) => this.unitOf(graph.slotSource[slot])));
    const now = place >= 0 ? this.unitOf(place) : null;
    involved.delete(now);
    for (const [node, card] of this.cards) this.showCard(node, card, step, phase, now, involved, selected);
    for (const [number, box] of this.boxes) this.showBox(number, box, step, phase, now, involved);
    for (const { line, from, to } of this.edges) {
      const active = to === now && involved.has(from);
      const state = active ? `active ${phase}` : this.isPast(from, step) ? "done" : "todo";
      line.setAttribute("class", `edge ${state}`);
      line.setAttribute("marker-end", active && phase === "backward" ? "" : `url(#head-${active ? phase : state})`);
      line.setAttribute("marker-start", active && phase === "backward" ? "url(#tail)" : "");
    }
    this.notes(step, phase, slots);
  }

  isPast(unit, step) {
    return unit >= 0 ? this.graph.isComputed(unit, step) : this.isBoxPast(~unit, step);
  }

  isBoxPast(number, step) {
    const { ranks } = this.range(number);
    return !ranks.length || ranks[ranks.length - 1] <= step;
  }

  showCard(node, card, step, phase, now, involved, selected) {
    const { graph } = this;
    const computed = graph.isComputed(node, step);
    const gradient = graph.gradientAt(node, step);
    const state = [computed ? "done" : "todo"];
    if (gradient.come && gradient.come === gradient.all) state.push("graded");
    if (node === now) state.push("now", phase);
    if (involved.has(node)) state.push("reads", phase);
    if (node === selected) state.push("selected");
    card.made.className = `unit ${graph.kind(node)} ${state.join(" ")}`;
    if (graph.isArray(node)) {
      card.value.textContent = computed ? "" : "…";
      card.maps.data.classList.toggle("unknown", !computed);
      card.gradient.textContent = !gradient.come ? "—" : gradient.come < gradient.all ? `${gradient.come} of ${gradient.all}` : "";
      this.gradientMap(node, card, gradient);
      return;
    }
    this.put(card.value, computed ? graph.data[node] : undefined, "…");
    this.put(card.gradient, gradient.come ? gradient.sum : undefined, "—");
    const partial = gradient.come > 0 && gradient.come < gradient.all;
    card.gradient.classList.toggle("partial", partial);
    if (partial) card.gradient.append(element("small", "", ` ${gradient.come}/${gradient.all}`));
  }

  gradientMap(node, card, gradient) {
    const complete = gradient.come && gradient.come === gradient.all && this.graph.gradArrays[node];
    if (complete && !card.maps.grad.firstChild) card.maps.grad.append(heatMap(this.graph.gradArrays[node], 76, 42));
    card.maps.grad.classList.toggle("unknown", !complete);
  }

  put(cell, x, otherwise) {
    cell.textContent = x === undefined ? otherwise : short(x);
    if (x === undefined) delete cell.dataset.exact;
    else cell.dataset.exact = String(x);
  }

  showBox(number, box, step, phase, now, involved) {
    const past = this.isBoxPast(number, step);
    const states = [past ? "done" : "todo"];
    if (~number === now) states.push("now", phase);
    if (involved.has(~number)) states.push("reads", phase);
    const [, kind] = this.graph.groups[number];
    box.made.className = `box ${kind}${this.open.has(number) ? " is-open" : ""} ${states.join(" ")}`;
    if (this.open.has(number) || !box.count) return;
    const back = step > this.graph.seedStep;
    const done = below(back ? box.steps : box.ranks, step);
    const all = back ? box.steps.length : box.count;
    box.bar.style.width = `${all ? (100 * done) / all : 0}%`;
    const gradient = this.graph.gradientAt(box.exit, step);
    const words = [past ? `→ ${this.value(box.exit)}` : step ? `${done} of ${all} done` : `${all} operations`];
    if (gradient.come) words.push(`grad ${this.graph.isArray(box.exit) ? "arrived" : short(gradient.sum)}`);
    box.words.textContent = words.join("   ");
    box.bar.parentElement.classList.toggle("back", back);
  }

  // On the lines of a step backward: local derivative x upstream gradient = contribution.
  notes(step, phase, slots) {
    this.units.querySelectorAll(".note").forEach((note) => note.remove());
    if (phase !== "backward") return;
    const { graph } = this;
    const taken = new Map();
    for (const slot of slots) {
      const source = graph.slotSource[slot];
      if (source < 0 || !(graph.slotKind[slot] & 1)) continue;
      const at = this.visible(source);
      if (!at) continue;
      const row = taken.get(at) ?? 0;
      taken.set(at, row + 1);
      const note = element("div", "note", noteText(graph, slot));
      const [x, y] = this.below(at);
      Object.assign(note.style, { left: `${x}px`, top: `${y + row * 15}px` });
      this.units.append(note);
    }
  }

  // The place under a card, or under a closed box.
  below(made) {
    const [x, y, width, height] = made.spot;
    const card = made.querySelector(".card");
    if (!card) return [x + width / 2, y + height + 0.5];
    return [x + width - card.offsetWidth / 2, y + height / 2 + card.offsetHeight / 2 + 0.5];
  }
}

function noteText(graph, slot) {
  const amount = graph.slotAmount[slot];
  if (graph.amountArrays[slot]) return `+= [${graph.amountArrays[slot].shape}]`;
  if (!(graph.slotKind[slot] & 2)) return `+= ${short(amount)}`;
  const g = graph.grad[graph.slotUser[slot]];
  return `${bracketed(short(graph.slotLocal[slot]))} × ${bracketed(short(g))} = ${short(amount)}`;
}

// How many of these sorted numbers are at most x.
function below(sorted, x) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

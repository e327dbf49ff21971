// The words beside the picture: what happens at this step, with its numbers, and what there is to know about a node.

class Panel {
  constructor(graph, actions) {
    this.graph = graph;
    this.actions = actions;
    this.step = document.getElementById("step");
    this.node = document.getElementById("node");
  }

  show(step, selected) {
    const { phase, place } = this.graph.at(step);
    const parts = { start: () => this.start(), forward: () => this.forward(step, place), seed: () => this.seed(),
      backward: () => this.backward(step, place) };
    this.step.replaceChildren(...parts[phase]().filter(Boolean));
    this.step.className = phase;
    this.node.replaceChildren(...(selected >= 0 ? this.details(selected, step).filter(Boolean) : []));
  }

  heading(word, number, all) {
    return element("h2", "", element("span", "phase", word), all ? element("span", "soft", ` ${number} of ${all}`) : "");
  }

  start() {
    const { graph } = this;
    return [this.heading("Start"),
      element("p", "", `The expression has ${graph.count} values, ${graph.forward.length} of them computed by an operation. ` +
        "Only the leaves hold numbers yet."),
      element("p", "soft", "Step on with → or play with the space bar: first forward, operation by operation, then backward, where every operation hands " +
        "its operands local derivative × upstream gradient. Click a node for all that is known of it, a box to open it.")];
  }

  seed() {
    const { graph } = this;
    return [this.heading("Backward begins"), element("p", "formula", `∂${this.nameOf(graph.root)} / ∂${this.nameOf(graph.root)} = 1`),
      element("p", "", "The gradient of the result by itself is 1. From here it flows back."), this.source(graph.root)];
  }

  forward(step, place) {
    const { graph } = this;
    const op = graph.ops[graph.op[place]];
    const names = graph.slots(place).map((slot) => this.operandName(slot));
    const numbers = graph.slots(place).map((slot) => this.operandNumber(slot));
    const parts = [this.heading("Forward", graph.rank[place] + 1, graph.forward.length),
      element("p", "formula", `${this.resultOf(place)} = ${applied(op, names)}`)];
    if (!graph.isArray(place)) {
      parts.push(element("p", "formula numbers", `${applied(op, numbers)} = `, figure(graph.data[place], "result")));
    }
    parts.push(...this.arrayParts(place), this.source(place), this.way(place));
    return parts;
  }

  arrayParts(place) {
    const { graph } = this;
    const parts = [];
    for (const slot of graph.slots(place)) {
      const array = graph.heldArray(slot);
      if (array) parts.push(this.arrayBlock(this.operandName(slot), array));
    }
    if (graph.isArray(place)) parts.push(this.arrayBlock(this.resultOf(place), graph.arrays[place]));
    return parts;
  }

  arrayBlock(name, array) {
    return element("div", "array", element("div", "arrayname", name), heatMap(array, 220, 110),
      element("p", "soft", statistics(array)), table(array));
  }

  backward(step, place) {
    const { graph } = this;
    const op = graph.ops[graph.op[place]];
    const number_ = step - graph.seedStep;
    const names = graph.slots(place).map((slot) => this.operandName(slot));
    const upstream = graph.isArray(place)
      ? this.arrayBlock(`upstream gradient of ${this.resultOf(place)}`, graph.gradArrays[place])
      : element("p", "upstream", element("span", "soft", `upstream gradient of ${this.resultOf(place)}: `), figure(graph.grad[place]));
    return [this.heading("Backward", number_, graph.backward.length),
      element("p", "formula", `${this.resultOf(place)} = ${applied(op, names)}`), upstream,
      ...graph.slots(place).map((slot, k) => this.contribution(slot, k, op, step)),
      this.source(place), this.way(place)];
  }

  // One operand's part of a step backward.
  contribution(slot, k, op, step) {
    const { graph } = this;
    const source = graph.slotSource[slot];
    if (source < 0) return null;
    const made = element("div", "contribution");
    made.dataset.slot = slot;
    made.dataset.receiver = source;
    const name = element("button", "link", this.operandName(slot));
    name.addEventListener("click", () => this.actions.jump(source));
    made.append(element("div", "to", "to ", name));
    if (!(graph.slotKind[slot] & 1)) {
      made.append(element("p", "soft", "No gradient is handed back to it."));
      return made;
    }
    made.append(...this.product(slot, k, op), this.sum(slot, step));
    return made;
  }

  product(slot, k, op) {
    const { graph } = this;
    const amount = graph.amountArrays[slot];
    const formula = op.derivatives[k];
    const place = graph.slotUser[slot];
    if (!amount && graph.slotKind[slot] & 2) {
      const local = graph.slotLocal[slot];
      const line = element("p", "product", figure(local, "local"), element("i", "", " × "), ...inBrackets(figure(graph.grad[place], "upstreamed")),
        element("i", "", " = "), figure(graph.slotAmount[slot], "amount"));
      return [...(formula ? [this.derivative(place, formula, local)] : []), line, element("p", "legend", "local derivative × upstream gradient = contribution")];
    }
    const rule = op.handedBack[k] ?? (formula ? `(${pretty(formula)}) · g, number by number` : "the rule of the operation, applied to g");
    const parts = [element("p", "derivative soft", `contribution = ${rule}`)];
    if (graph.localArrays[slot]) parts.push(this.arrayBlock("local derivative", graph.localArrays[slot]));
    parts.push(amount ? this.arrayBlock("contribution", amount) : element("p", "product", figure(graph.slotAmount[slot], "amount")));
    return parts;
  }

  // The local derivative: with names, with numbers, and what they come to.
  derivative(place, formula, local) {
    const [x, y] = this.graph.slots(place);
    const names = { x: this.operandName(x), y: y === undefined ? "" : this.operandName(y), out: this.resultOf(place) };
    const numbers = { x: this.operandNumber(x), y: y === undefined ? "" : this.operandNumber(y), out: short(this.graph.data[place]) };
    const steps = [filled(formula, names), filled(formula, numbers), short(local)];
    const same = (one, other) => one === other || Number(one.replace("−", "-")) === Number(other.replace("−", "-"));
    const distinct = steps.filter((text, k) => k === 0 || !same(text, steps[k - 1]));
    return element("p", "derivative soft", `local derivative = ${distinct.join(" = ")}`);
  }

  // The += where more than one operation reads a node.
  sum(slot, step) {
    const { graph } = this;
    const source = graph.slotSource[slot];
    const uses = [...graph.uses(source)];
    if (uses.length < 2) return element("p", "running soft", "its only contribution, and so its gradient");
    const number_ = uses.indexOf(slot);
    const label = `contribution ${number_ + 1} of ${uses.length}`;
    if (graph.isArray(source)) return element("p", "running soft", `${label}: grad += contribution`);
    let before = 0;
    uses.slice(0, number_).forEach((use, k) => { before = k ? before + graph.slotAmount[use] : graph.slotAmount[use]; });
    const after = number_ ? before + graph.slotAmount[slot] : graph.slotAmount[slot];
    return element("p", "running", element("span", "soft", `${label}: grad `), figure(before), " += ",
      ...inBrackets(figure(graph.slotAmount[slot])), " → ", figure(after, "after"));
  }

  source(place) {
    const source = this.graph.sources[this.graph.source[place]];
    if (!source) return element("p", "source soft", "Its line is known if the code runs under keep_sources().");
    const [file, line, text, expression] = source;
    const start = expression ? text.indexOf(expression) : -1;
    const code = start < 0 ? [text] : [text.slice(0, start), element("mark", "", expression), text.slice(start + expression.length)];
    return element("div", "source", element("div", "soft", `${file}, line ${line}`), element("pre", "", element("code", "", ...code)));
  }

  // The boxes around a node.
  way(place) {
    const way = this.graph.wayDown(this.graph.home[place]).slice(1);
    if (!way.length) return null;
    const made = element("p", "way soft", "in ");
    way.forEach((box, k) => made.append(k ? " › " : "", this.graph.groups[box][0]));
    const open = element("button", "link", "open");
    open.title = "Open the boxes around it (o)";
    open.addEventListener("click", () => this.actions.reveal(place));
    made.append(" ", open);
    return made;
  }

  // ---- a node --------------------------------------------------------------------------------------------------------

  details(place, step) {
    const { graph } = this;
    const kind = { inner: "computed", param: "parameter", input: "input" }[graph.kind(place)];
    const uses = graph.uses(place);
    const close = element("button", "link", "close");
    close.addEventListener("click", () => this.actions.select(-1));
    const parts = [element("h3", "", this.nameOf(place, `node ${place}`), element("span", "soft", ` ${kind} `), close)];
    if (graph.isArray(place)) {
      parts.push(this.arrayBlock("data", graph.arrays[place]));
      if (graph.gradArrays[place]) parts.push(this.arrayBlock("gradient, complete", graph.gradArrays[place]));
    } else {
      parts.push(this.pair("data", graph.data[place]));
      if (graph.reached[place]) parts.push(this.pair("gradient, complete", graph.grad[place]));
    }
    if (graph.expansions?.[place]) parts.push(this.expander(place));
    if (uses.length) parts.push(this.useList(place, uses, step));
    if (graph.op[place] < 0) parts.push(this.source(place));
    parts.push(this.way(place));
    return parts;
  }

  expander(place) {
    const open = element("button", "expand", "Show it in scalars");
    open.title = "The graph of Values that this operation stands for";
    open.addEventListener("click", () => this.actions.expand(place));
    return open;
  }

  pair(word, x) {
    return element("p", "pair", element("span", "soft", `${word} `), figure(x));
  }

  useList(place, uses, step) {
    const { graph } = this;
    const made = element("table", "uses");
    made.append(element("tr", "", element("th", "", "handed back by"), element("th", "", "contribution")));
    for (const slot of [...uses].slice(0, 60)) {
      const user = graph.slotUser[slot];
      const jump = element("button", "link", applied(graph.ops[graph.op[user]], graph.slots(user).map((k) => this.operandName(k))));
      jump.addEventListener("click", () => this.actions.goTo(graph.backStep[user]));
      const amount = graph.amountArrays[slot] ? `[${graph.amountArrays[slot].shape}]` : figure(graph.slotAmount[slot], "use");
      const row = element("tr", graph.backStep[user] <= step ? "" : "soft", element("td", "", jump), element("td", "", amount));
      made.append(row);
    }
    if (uses.length > 60) made.append(element("tr", "soft", element("td", "", `and ${uses.length - 60} more`)));
    return made;
  }

  nameOf(place, otherwise) { return this.graph.name(place) || otherwise || "out"; }

  // The name of what an operation gives; its own expression is none where that stands beside it.
  resultOf(place) {
    const source = this.graph.sources[this.graph.source[place]];
    return source?.[3] === this.graph.name(place) ? "out" : this.nameOf(place);
  }

  operandName(slot) {
    const source = this.graph.slotSource[slot];
    return (source >= 0 && this.graph.name(source)) || this.operandNumber(slot);
  }

  operandNumber(slot) { return this.graph.operandText(slot); }
}

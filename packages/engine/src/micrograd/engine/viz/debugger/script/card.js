// A node as a card: its operation, its name or formula, its number and its gradient, and below what it reads from elsewhere.

class Card {
  constructor(graph, place, actions) {
    this.graph = graph;
    this.place = place;
    this.made = element("div");
    this.made.dataset.place = place;
    this.anchor = this.card();
    if (graph.op[place] < 0) this.made.append(this.anchor);
    else this.made.append(this.operation(), element("span", "stem"), this.anchor, ...this.chips(actions));
    this.made.addEventListener("click", () => actions.select(place));
  }

  operation() {
    const op = this.graph.ops[this.graph.op[this.place]];
    const sign = { "*": "×", "-": "−" }[op.symbol] ?? op.symbol;
    const made = element("span", `op${sign.length === 1 ? " sign" : ""}`, sign);
    made.style.width = `${op.width}px`;
    return made;
  }

  card() {
    const { graph, place } = this;
    const array = graph.arrays[place];
    this.sort = [{ param: "param", input: "input" }[graph.kind(place)] ?? "", array?.shape ?? ""].filter(Boolean).join(" ");
    this.tag = element("span", "tag", this.sort);
    const own = graph.shortName(graph.name(place), graph.around(graph.home[place]));
    const name = element("span", own ? "name" : "name formula-name", own || this.formula());
    this.value = element("span", "value");
    this.gradient = element("span", "gradient");
    const cell = (word, content) => element("span", "cell", element("i", "", word), content);
    const root = element("div", "card", element("div", "head", name, this.tag),
      element("div", "row", cell("data", this.value), cell("grad", this.gradient)));
    root.title = graph.title(place);
    if (!array) return root;
    this.maps = { data: element("span", "map", heatMap(array, 76, 42)), grad: element("span", "map") };
    root.append(element("div", "row maps", this.maps.data, this.maps.grad));
    return root;
  }

  // What stands for the name of a node that has none: how it was computed.
  formula() {
    const { graph, place } = this;
    if (graph.op[place] < 0) return "";
    const box = graph.around(graph.home[place]);
    const parts = graph.slots(place).map((slot) => {
      const source = graph.slotSource[slot];
      return (source >= 0 && graph.shortName(graph.name(source), box)) || graph.operandText(slot);
    });
    return applied(graph.ops[graph.op[place]], parts);
  }

  // Operands from outside of the box, by name.
  chips(actions) {
    const { graph } = this;
    const home = graph.home[this.place];
    const sources = graph.slots(this.place).map((slot) => graph.slotSource[slot]);
    const outside = sources.filter((source) => source >= 0 && !graph.wayDown(graph.home[source]).includes(home));
    if (!outside.length) return [];
    return [element("span", "chips", ...outside.map((source) => this.chip(source, home, actions)))];
  }

  chip(source, home, actions) {
    const { graph } = this;
    const name = graph.shortName(graph.name(source), graph.around(home));
    const made = element("button", "chip", name || graph.value(source));
    made.title = `reads ${graph.title(source)}`;
    made.tabIndex = -1;
    made.addEventListener("click", (event) => { event.stopPropagation(); actions.jump(source); });
    return made;
  }

  // ---- at a step -----------------------------------------------------------------------------------------------------

  show({ step, phase, now, involved, selected }) {
    const { graph, place } = this;
    const computed = graph.isComputed(place, step);
    const gradient = graph.gradientAt(place, step);
    const states = ["unit", graph.kind(place), computed ? "done" : "todo"];
    if (gradient.come && gradient.come === gradient.all) states.push("graded");
    if (place === now) states.push("now", phase);
    if (involved.has(place)) states.push("reads", phase);
    if (place === selected) states.push("selected");
    become(this.made, states.join(" "));
    const held = `${computed} ${gradient.come}`;
    if (this.held === held) return;
    this.held = held;
    if (graph.isArray(place)) this.showArray(computed, gradient);
    else this.showNumber(computed, gradient);
  }

  showNumber(computed, gradient) {
    this.put(this.value, computed ? this.graph.data[this.place] : undefined, "…");
    this.put(this.gradient, gradient.come ? gradient.sum : undefined, "—");
    const partial = gradient.come > 0 && gradient.come < gradient.all;
    this.gradient.classList.toggle("partial", partial);
    this.tag.textContent = partial ? `${gradient.come} of ${gradient.all} in` : this.sort;
  }

  showArray(computed, gradient) {
    this.value.textContent = computed ? "" : "…";
    this.maps.data.classList.toggle("unknown", !computed);
    this.gradient.textContent = !gradient.come ? "—" : gradient.come < gradient.all ? `${gradient.come} of ${gradient.all}` : "";
    const complete = gradient.come && gradient.come === gradient.all && this.graph.gradArrays[this.place];
    if (complete && !this.maps.grad.firstChild) this.maps.grad.append(heatMap(this.graph.gradArrays[this.place], 76, 42));
    this.maps.grad.classList.toggle("unknown", !complete);
  }

  put(cell, x, otherwise) {
    cell.textContent = x === undefined ? otherwise : compact(x);
    if (x === undefined) delete cell.dataset.exact;
    else cell.dataset.exact = String(x);
  }
}

// Classes are written only where they change: to write them is to have the browser compute the style again.
function become(made, classes) {
  if (made.className !== classes) made.className = classes;
}

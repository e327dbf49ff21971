// A box around nodes: closed, with what came out of it and how far it is, or open, as a frame around what lies inside.

class Box {
  constructor(graph, number, isOpen, actions) {
    this.graph = graph;
    this.number = number;
    this.isOpen = isOpen;
    this.made = element("div");
    this.made.dataset.box = number;
    this.anchor = this.made;
    this.inside = graph.operationsIn(number);
    this.made.append(this.head(actions));
    if (!isOpen) this.close(actions);
  }

  head(actions) {
    const { graph, number, isOpen } = this;
    const [name, , outer] = graph.groups[number];
    const button = element("button", "boxname", element("span", "fold", isOpen ? "▾" : "▸"),
      element("span", "name", graph.shortName(name, graph.around(outer))));
    this.name = button;
    button.title = `${name}: ${this.inside.count ? `${this.inside.count} operations` : "leaves"}`;
    button.setAttribute("aria-expanded", String(isOpen));
    button.addEventListener("click", (event) => { event.stopPropagation(); actions.toggle(number); });
    return button;
  }

  close(actions) {
    this.words = element("span", "words", this.inside.count ? "" : `${this.leaves(this.number)} leaves`);
    this.bar = element("span", "bar");
    this.progress = element("span", "progress", this.bar);
    this.made.append(element("div", "closed", this.words, this.progress));
    this.made.addEventListener("click", () => actions.toggle(this.number));
  }

  leaves(number) {
    return this.graph.groups[number][4].reduce((sum, unit) => sum + (unit < 0 ? this.leaves(~unit) : 1), 0);
  }

  // ---- at a step -----------------------------------------------------------------------------------------------------

  show({ step, phase, now, involved }, isBlock) {
    const { graph, number, isOpen } = this;
    const past = graph.isPast(~number, step);
    const states = ["box", graph.groups[number][1], ...(isOpen ? ["is-open"] : []), ...(isBlock ? ["block"] : []), past ? "done" : "todo"];
    if (~number === now) states.push("now", phase);
    if (involved.has(~number)) states.push("reads", phase);
    become(this.made, states.join(" "));
    if (!isOpen && this.inside.count) this.showInside(step, past);
  }

  showInside(step, past) {
    const { graph } = this;
    const { ranks, steps, count, exit } = this.inside;
    const back = step > graph.seedStep;
    const done = below(back ? steps : ranks, step);
    const all = back ? steps.length : count;
    this.bar.style.width = `${all ? (100 * done) / all : 0}%`;
    this.progress.classList.toggle("back", back);
    const gradient = graph.gradientAt(exit, step);
    const words = [past ? `→ ${graph.value(exit)}` : step ? `${done} of ${all} done` : `${all} operations`];
    if (gradient.come) words.push(`grad ${graph.isArray(exit) ? "arrived" : short(gradient.sum)}`);
    this.words.textContent = words.join("   ");
  }
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

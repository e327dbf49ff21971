// Finding nodes by label, path, operation, line of code or box.

class Search {
  constructor(graph, choose) {
    this.graph = graph;
    this.choose = choose;
    this.field = document.getElementById("find");
    this.list = document.getElementById("found");
    this.field.oninput = () => this.look();
    this.field.onkeydown = (event) => this.key(event);
    this.field.onblur = () => setTimeout(() => this.hide(), 150);
    this.marked = 0;
  }

  // At most thirty: those whose name begins with what is asked for come first.
  matches(wanted) {
    const { graph } = this;
    const begin = [], other = [];
    for (let place = 0; place < graph.count && begin.length < 30; place++) {
      const source = graph.sources[graph.source[place]];
      const name = graph.name(place).toLowerCase();
      const words = `${graph.op[place] >= 0 ? graph.ops[graph.op[place]].symbol : ""} ${source ? source[2] : ""}`.toLowerCase();
      if (name.startsWith(wanted) || `#${place}` === wanted) begin.push(place);
      else if (other.length < 30 && (name.includes(wanted) || words.includes(wanted))) other.push(place);
    }
    return [...begin, ...other].slice(0, 30);
  }

  look() {
    const wanted = this.field.value.trim().toLowerCase();
    this.places = wanted ? this.matches(wanted) : [];
    this.marked = 0;
    this.list.replaceChildren(...this.places.map((place, k) => this.entry(place, k)));
    if (wanted && !this.places.length) this.list.append(element("li", "soft", "nothing found"));
    this.list.hidden = !wanted;
    this.field.setAttribute("aria-expanded", String(Boolean(wanted)));
    this.mark(0);
  }

  entry(place, k) {
    const { graph } = this;
    const op = graph.op[place] >= 0 ? graph.ops[graph.op[place]].symbol : graph.kind(place) === "param" ? "param" : "input";
    const value = graph.isArray(place) ? `[${graph.arrays[place].shape}]` : short(graph.data[place]);
    const box = graph.groups[graph.home[place]];
    const made = element("li", "", element("b", "", graph.name(place) || `#${place}`), element("span", "soft", ` ${op}  ${value}  `),
      element("small", "soft", box[2] >= 0 ? `in ${box[0]}` : ""));
    made.id = `found-${k}`;
    made.setAttribute("role", "option");
    made.addEventListener("pointerdown", (event) => { event.preventDefault(); this.take(place); });
    return made;
  }

  mark(k) {
    this.marked = k;
    [...this.list.children].forEach((entry, number_) => entry.setAttribute("aria-selected", String(number_ === k)));
    this.field.setAttribute("aria-activedescendant", this.places?.length ? `found-${k}` : "");
    this.list.children[k]?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const count = this.places?.length ?? 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (count) this.mark((this.marked + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
      event.preventDefault();
    } else if (event.key === "Enter" && count) this.take(this.places[this.marked]);
    else if (event.key === "Escape") this.field.blur();
    event.stopPropagation();
  }

  take(place) {
    this.hide();
    this.field.blur();
    this.choose(place);
  }

  hide() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
  }
}

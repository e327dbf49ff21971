// The page: which step it is at, which boxes are open, and what every button and key does.

const MOST_OPEN = 16, SMALL = 160; // units that are open at first; a graph of so few nodes is open altogether
const LEAST_ZOOM = 0.7; // below, cards are hard to read: a larger picture begins at its left
const byId = (id) => document.getElementById(id);

class Application {
  constructor(written) {
    this.written = written;
    this.camera = new Camera();
    this.timer = null;
    this.into = false;
    byId("title").textContent = written.title;
    this.bind();
    this.enter(written.graph, this.opening());
  }

  // A page opens at the step that went wrong, if one did.
  opening() {
    const { bad } = this.written;
    return bad ? (graph) => (bad.phase === "forward" ? graph.rank[bad.place] + 1 : graph.backStep[bad.place]) : () => 0;
  }

  enter(written, opening = () => 0) {
    this.graph = written instanceof Graph ? written : new Graph(written);
    const actions = { select: (place) => this.select(place), jump: (place) => this.jump(place), toggle: (box) => this.toggle(box),
      goTo: (step) => this.goTo(step), reveal: (place) => this.reveal(place), expand: (place) => this.expand(place) };
    this.drawing = new Drawing(this.graph, actions);
    this.panel = new Panel(this.graph, actions);
    new Search(this.graph, (place) => this.jump(place));
    this.step = Math.max(0, Math.min(this.graph.last, opening(this.graph)));
    this.selected = -1;
    byId("slider").max = this.graph.last;
    byId("phases").style.setProperty("--turn", this.graph.last ? this.graph.seedStep / this.graph.last : 1);
    this.openSome();
    this.drawing.draw();
    this.camera.fit(this.drawing.size, LEAST_ZOOM);
    this.alarm();
    this.update();
    const { place } = this.graph.at(this.step);
    if (this.step && place >= 0) this.reveal(place);
  }

  // Open boxes from the outside in, as long as the page stays readable.
  openSome() {
    let shown = this.graph.groups[0][4].length;
    const waiting = [0];
    while (waiting.length) {
      const units = this.graph.groups[waiting.shift()][4];
      const boxes = units.filter((unit) => unit < 0).map((unit) => ~unit);
      const more = boxes.reduce((sum, box) => sum + this.graph.groups[box][4].length, 0);
      if (!boxes.length || (shown + more > MOST_OPEN && this.graph.count > SMALL)) continue;
      shown += more;
      boxes.forEach((box) => { this.drawing.open.add(box); waiting.push(box); });
    }
  }

  alarm() {
    const { bad } = this.written;
    byId("alarm").hidden = !bad;
    if (!bad) return;
    byId("alarm").replaceChildren(element("h2", "", `The first ${bad.kind} is here, ${bad.phase}`),
      element("p", "", `Why: ${bad.why}.`), element("p", "", `Instead: ${bad.instead}.`));
  }

  // ---- steps ---------------------------------------------------------------------------------------------------------

  goTo(step) {
    this.step = Math.max(0, Math.min(this.graph.last, step));
    if (this.into) this.openAround(this.graph.at(this.step).place);
    this.update();
    this.follow();
  }

  // Over all that happens in what can be seen as one.
  over(direction) {
    const unit = (step) => { const { place } = this.graph.at(step); return place < 0 ? null : this.drawing.unitOf(place); };
    let step = this.step + direction;
    const inside = unit(step);
    if (inside !== null && inside < 0) {
      while (step + direction >= 0 && step + direction <= this.graph.last && unit(step + direction) === inside) step += direction;
    }
    this.goTo(step);
  }

  update() {
    this.drawing.show(this.step, this.selected);
    this.panel.show(this.step, this.selected);
    byId("slider").value = this.step;
    const { phase } = this.graph.at(this.step);
    const word = { start: "start", forward: "forward", seed: "turn", backward: "backward" }[phase];
    byId("slider").setAttribute("aria-valuetext", `step ${this.step} of ${this.graph.last}, ${word}`);
    byId("counter").textContent = `${this.step} / ${this.graph.last}`;
    byId("app").dataset.phase = phase;
    byId("app").dataset.step = this.step;
    for (const id of ["first", "back"]) byId(id).disabled = this.step === 0;
    for (const id of ["next", "last"]) byId(id).disabled = this.step === this.graph.last;
  }

  follow() {
    const { place } = this.graph.at(this.step);
    const seen = place >= 0 && this.drawing.visible(place);
    if (seen) this.camera.keep(seen.spot, this.drawing.size);
  }

  play() {
    if (this.timer) return this.pause();
    if (this.step === this.graph.last) this.goTo(0);
    byId("play").textContent = "Pause";
    const tick = () => {
      this.goTo(this.step + 1);
      this.timer = this.step < this.graph.last ? setTimeout(tick, Number(byId("speed").value)) : this.pause();
    };
    this.timer = setTimeout(tick, 200);
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    byId("play").textContent = "Play";
    return null;
  }

  // ---- boxes ---------------------------------------------------------------------------------------------------------

  toggle(box) {
    const before = this.drawing.boxes.get(box)?.spot;
    if (this.drawing.open.has(box)) this.drawing.open.delete(box);
    else this.drawing.open.add(box);
    this.drawing.draw();
    const after = this.drawing.boxes.get(box)?.spot;
    if (before && after) this.camera.hold(before, after);
    this.update();
    this.units()?.querySelector(`[data-box="${box}"] .boxname`)?.focus({ preventScroll: true });
  }

  units() { return this.drawing.units; }

  openAround(place) {
    if (place < 0) return;
    const closed = this.graph.wayDown(this.graph.home[place]).slice(1).filter((box) => !this.drawing.open.has(box));
    if (this.into) this.closeOthers(place, closed);
    if (!closed.length) return;
    closed.forEach((box) => this.drawing.open.add(box));
    this.opened = [...(this.opened ?? []), ...closed];
    this.drawing.draw();
  }

  // What a step opened is closed again when the next one happens elsewhere.
  closeOthers(place, closed) {
    if (!closed.length) return;
    const around = new Set(this.graph.wayDown(this.graph.home[place]));
    for (const box of this.opened ?? []) if (!around.has(box)) this.drawing.open.delete(box);
    this.opened = (this.opened ?? []).filter((box) => around.has(box));
  }

  reveal(place) {
    this.openAround(place);
    this.update();
    const seen = this.drawing.visible(place);
    if (seen && this.camera.zoom < 0.6) this.camera.scale(0.9 / this.camera.zoom);
    if (seen) this.camera.keep(seen.spot, this.drawing.size);
  }

  closeAll() {
    this.drawing.open.clear();
    this.drawing.draw();
    this.camera.fit(this.drawing.size, LEAST_ZOOM);
    this.update();
  }

  select(place) {
    this.selected = place === this.selected ? -1 : place;
    this.update();
  }

  // Show a node, at the step that computed it if that lies ahead.
  jump(place) {
    this.selected = place;
    if (!this.graph.isComputed(place, this.step)) this.step = this.graph.rank[place] + 1;
    this.reveal(place);
  }

  expand(place) {
    const outer = { graph: this.graph, step: this.step };
    this.outer = [...(this.outer ?? []), outer];
    this.enter(this.graph.expansions[place]);
    byId("crumbs").replaceChildren(element("button", "", "← back to the Tensors"));
    byId("crumbs").firstChild.addEventListener("click", () => this.leave());
  }

  leave() {
    const outer = this.outer?.pop();
    if (!outer) return;
    byId("crumbs").replaceChildren();
    this.enter(outer.graph, () => outer.step);
  }

  // ---- buttons and keys ----------------------------------------------------------------------------------------------

  bind() {
    const clicks = { first: () => this.goTo(0), back: (event) => this.stepBy(-1, event), next: (event) => this.stepBy(1, event),
      last: () => this.goTo(this.graph.last), play: () => this.play(), fit: () => this.camera.fit(this.drawing.size),
      "zoom-in": () => this.camera.scale(1.25), "zoom-out": () => this.camera.scale(0.8), "close-all": () => this.closeAll(),
      into: () => this.stepInto(), theme: () => this.theme(), keys: () => byId("help").showModal() };
    for (const [id, act] of Object.entries(clicks)) byId(id).addEventListener("click", act);
    byId("slider").addEventListener("input", () => { this.pause(); this.goTo(Number(byId("slider").value)); });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  stepBy(direction, event) {
    this.pause();
    if (event.shiftKey) this.over(direction);
    else this.goTo(this.step + direction);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open || event.target.matches("select, #find")) return;
    const acts = { ArrowRight: () => this.stepBy(1, event), ArrowLeft: () => this.stepBy(-1, event), Home: () => this.goTo(0),
      End: () => this.goTo(this.graph.last), b: () => this.goTo(this.graph.seedStep), f: () => this.camera.fit(this.drawing.size),
      "+": () => this.camera.scale(1.25), "-": () => this.camera.scale(0.8), "/": () => byId("find").focus(), t: () => this.theme(),
      o: () => this.reveal(this.graph.at(this.step).place), i: () => this.stepInto(), c: () => this.closeAll(),
      "?": () => byId("help").showModal(), Escape: () => (this.selected >= 0 ? this.select(-1) : this.leave()) };
    if (event.key === " " && !event.target.closest("button, summary")) acts[" "] = () => this.play();
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  stepInto() {
    this.into = !this.into;
    byId("into").setAttribute("aria-pressed", String(this.into));
    this.goTo(this.step);
  }

  theme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  }
}

new Application(JSON.parse(byId("data").textContent));

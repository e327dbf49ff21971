// The page: which step it is at, which boxes are open, and what every button and key does.

const MOST_OPEN = 16, SMALL = 160; // units that are open at first; a graph of so few nodes is open altogether
const LEAST_ZOOM = 0.7; // below, cards are hard to read: a larger picture begins at its left
const byId = (id) => document.getElementById(id);

class Application {
  constructor(written) {
    this.written = written;
    this.camera = new Camera(() => this.look());
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
    this.drawing.fold(this.readable(), true);
    this.camera.fit(this.drawing.size, LEAST_ZOOM);
    this.alarm();
    const { place } = this.graph.at(this.step);
    if (this.step && place >= 0) this.reveal(place);
    else this.update();
  }

  // The boxes to open at first: from the outside in, as long as the page stays readable.
  readable() {
    const found = [];
    let shown = this.graph.groups[0][4].length;
    const waiting = [0];
    while (waiting.length) {
      const units = this.graph.groups[waiting.shift()][4];
      const boxes = units.filter((unit) => unit < 0).map((unit) => ~unit);
      const more = boxes.reduce((sum, box) => sum + this.graph.groups[box][4].length, 0);
      if (!boxes.length || (shown + more > MOST_OPEN && this.graph.count > SMALL)) continue;
      shown += more;
      found.push(...boxes);
      waiting.push(...boxes);
    }
    return found;
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
    const { place } = this.graph.at(this.step);
    if (this.into) this.openAround(place);
    if (place >= 0) this.follow(place);
    this.update();
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

  // After everything else, so that the browser lays the page out once.
  update() {
    this.drawing.show(this.step, this.selected, this.camera);
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

  follow(place) { this.camera.keep(this.drawing.spotOf(this.drawing.unitOf(place)), this.drawing.size); }

  // The picture has moved under the window.
  look() {
    if (!this.drawing.covers(this.camera)) this.drawing.show(this.step, this.selected, this.camera);
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
    const before = this.drawing.spotOf(~box);
    this.drawing.fold([box], !this.drawing.open.has(box));
    this.camera.hold(before, this.drawing.spotOf(~box));
    this.update();
    this.drawing.boxes.get(box)?.name.focus({ preventScroll: true });
  }

  openAround(place) {
    if (place < 0) return;
    const closed = this.graph.wayDown(this.graph.home[place]).slice(1).filter((box) => !this.drawing.open.has(box));
    if (this.into) this.closeOthers(place, closed);
    if (!closed.length) return;
    this.opened = [...(this.opened ?? []), ...closed];
    this.drawing.fold(closed, true);
  }

  // What a step opened is closed again when the next one happens elsewhere.
  closeOthers(place, closed) {
    if (!closed.length) return;
    const around = new Set(this.graph.wayDown(this.graph.home[place]));
    this.drawing.fold((this.opened ?? []).filter((box) => !around.has(box)), false);
    this.opened = (this.opened ?? []).filter((box) => around.has(box));
  }

  reveal(place) {
    this.openAround(place);
    if (this.camera.zoom < 0.6) this.camera.scale(0.9 / this.camera.zoom);
    this.follow(place);
    this.update();
  }

  closeAll() {
    this.drawing.fold([...this.drawing.open], false);
    this.camera.fit(this.drawing.size, LEAST_ZOOM);
    this.update();
  }

  zoom(factor) {
    this.camera.scale(factor);
    this.look();
  }

  // The tab key walks on to what lies at the edge of the view.
  bringIn(button) {
    this.camera.keep(this.drawing.spotOf(~Number(button.parentElement.dataset.box)), this.drawing.size);
    this.look();
  }

  fit() {
    this.camera.fit(this.drawing.size);
    this.look();
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
      last: () => this.goTo(this.graph.last), play: () => this.play(), fit: () => this.fit(),
      "zoom-in": () => this.zoom(1.25), "zoom-out": () => this.zoom(0.8), "close-all": () => this.closeAll(),
      into: () => this.stepInto(), theme: () => this.theme(), keys: () => byId("help").showModal() };
    for (const [id, act] of Object.entries(clicks)) byId(id).addEventListener("click", act);
    byId("slider").addEventListener("input", () => { this.pause(); this.goTo(Number(byId("slider").value)); });
    document.addEventListener("keydown", (event) => this.key(event));
    byId("units").addEventListener("focusin", ({ target }) => { if (target.matches(".boxname:focus-visible")) this.bringIn(target); });
  }

  stepBy(direction, event) {
    this.pause();
    if (event.shiftKey) this.over(direction);
    else this.goTo(this.step + direction);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open || event.target.matches("select, #find")) return;
    const acts = { ArrowRight: () => this.stepBy(1, event), ArrowLeft: () => this.stepBy(-1, event), Home: () => this.goTo(0),
      End: () => this.goTo(this.graph.last), b: () => this.goTo(this.graph.seedStep), f: () => this.fit(),
      "+": () => this.zoom(1.25), "-": () => this.zoom(0.8), "/": () => byId("find").focus(), t: () => this.theme(),
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

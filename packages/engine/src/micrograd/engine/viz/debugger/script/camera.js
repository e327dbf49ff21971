// Moving and zooming the picture.

class Camera {
  // `moved` is called when a hand, or another size of the window, has moved the picture.
  constructor(moved) {
    this.moved = moved;
    this.stage = document.getElementById("stage");
    this.world = document.getElementById("world");
    this.x = this.y = 0;
    this.zoom = 1;
    this.measure();
    new ResizeObserver(() => this.resized()).observe(this.stage);
    this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.grab(event));
  }

  // The room there is, known before it is asked for: to ask in the middle of a step would have the page laid out twice.
  measure() { this.room = [this.stage.clientWidth, this.stage.clientHeight]; }

  // What was fitted into the window stays so in a window of another size, unless it has been moved since.
  resized() {
    this.measure();
    if (this.fitted === this.world.style.transform) this.fit(...this.fitting);
    this.moved();
  }

  // What of the picture can be seen, as [x, y, width, height] of it.
  view() { return [-this.x / this.zoom, -this.y / this.zoom, this.room[0] / this.zoom, this.room[1] / this.zoom]; }

  apply() {
    this.world.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.zoom})`;
    this.stage.classList.toggle("far", this.zoom < 0.45);
  }

  wheel(event) {
    event.preventDefault();
    const rect = this.stage.getBoundingClientRect();
    this.scale(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event.clientX - rect.left, event.clientY - rect.top);
    this.moved();
  }

  scale(factor, x = this.room[0] / 2, y = this.room[1] / 2) {
    const zoom = Math.min(3, Math.max(0.05, this.zoom * factor));
    this.x = x - ((x - this.x) * zoom) / this.zoom;
    this.y = y - ((y - this.y) * zoom) / this.zoom;
    this.zoom = zoom;
    this.apply();
  }

  grab(event) {
    if (event.button !== 0 || event.target.closest("button")) return;
    const start = [event.clientX - this.x, event.clientY - this.y];
    let moved = false;
    const move = (later) => {
      moved ||= Math.hypot(later.clientX - event.clientX, later.clientY - event.clientY) > 4;
      if (!moved) return;
      this.stage.classList.add("grabbed");
      [this.x, this.y] = [later.clientX - start[0], later.clientY - start[1]];
      this.apply();
      this.moved();
    };
    // A click that ends a drag isn't one on what lies beneath.
    const swallow = (click) => click.stopPropagation();
    const release = () => {
      removeEventListener("pointermove", move);
      this.stage.classList.remove("grabbed");
      if (!moved) return;
      addEventListener("click", swallow, { capture: true });
      setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", release, { once: true });
  }

  fit([width, height], least = 0.05) {
    this.measure();
    const [across, down] = this.room;
    this.zoom = Math.max(least, Math.min(1.25, (across - 24) / width, (down - 48) / height));
    this.x = Math.max(12, (across - width * this.zoom) / 2);
    this.y = Math.max(12, (down - 24 - height * this.zoom) / 2);
    this.apply();
    this.fitting = [[width, height], least];
    this.fitted = this.world.style.transform;
  }

  // Move as little as it takes to have something in view; not at all while the whole picture is.
  keep([x, y, width, height], [all, tall]) {
    if (this.holds(this.x, all, this.room[0]) && this.holds(this.y, tall, this.room[1])) return;
    const moved = (at, start, length, room) => {
      const margin = Math.min(120, room / 5);
      const first = at + start * this.zoom, last = first + length * this.zoom;
      if (first < margin) return at + margin - first;
      if (last > room - margin) return at - Math.min(last - room + margin, first - margin);
      return at;
    };
    const [before, above] = [this.x, this.y];
    this.x = moved(this.x, x, width, this.room[0]);
    this.y = moved(this.y, y, height, this.room[1]);
    if (this.x !== before || this.y !== above) this.apply();
  }

  holds(at, length, room) { return at >= 0 && at + length * this.zoom <= room; }

  // Keep a place of the world where it is on the screen, while the world changes around it.
  hold(before, after) {
    this.x += (before[0] - after[0]) * this.zoom;
    this.y += (before[1] - after[1]) * this.zoom;
    this.apply();
  }
}

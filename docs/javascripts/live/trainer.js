// The moons trainer: the reader's choices go to moons.py in the worker, what that returns goes to the canvases.
import { keepInAddress } from "./address.js";
import { drawLosses, drawPlane } from "./plane.js";
import { Stopped, session } from "./session.js";

const STEPS = 4; // between two pictures
const MODULE = { name: "moons", url: new URL("moons.py", import.meta.url).href };
const BEGINNING = new URL("../../assets/moons/beginning.json", import.meta.url);

class Trainer {
  #form;
  #known = null;
  #losses = [];
  #generation = -1;
  #running = false;

  constructor(form) {
    this.#form = form;
    keepInAddress(form);
    this.#control("train").addEventListener("click", () => (this.#running ? (this.#running = false) : this.#train()));
    this.#control("reset").addEventListener("click", () => this.#reset());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", ({ target }) => target.name === "rate" || (this.#known = null));
    this.#preview();
  }

  /** The net that the page's own choices make was worked out beforehand: there is a picture before there is Python. */
  async #preview() {
    const { choices, ...beginning } = await (await fetch(BEGINNING)).json();
    if (this.#running || JSON.stringify(choices) !== JSON.stringify(this.#choices())) return;
    this.#show(beginning, [beginning], "ready");
  }

  async #train() {
    this.#running = true;
    this.#control("train").textContent = "Pause";
    try {
      if (this.#known === null || this.#generation !== session.generation) await this.#begin();
      while (this.#running && this.#form.isConnected) {
        if (this.#known === null) await this.#begin();
        this.#draw(await this.#call("train", { steps: STEPS, rate: Number(this.#choice("rate")) }));
      }
      this.#form.dataset.state = "paused";
    } catch (error) {
      if (!(error instanceof Stopped)) this.#say("broken", error.message.trim().split("\n").at(-1));
    }
    this.#running = false;
    this.#control("train").textContent = "Train";
  }

  async #begin() {
    this.#say("busy", "Starting ...");
    await session.ask("import", MODULE, { onProgress: (text) => this.#say("busy", text) });
    this.#generation = session.generation;
    this.#losses = [];
    this.#known = await this.#call("begin", this.#choices());
    this.#draw(this.#known);
  }

  /** What the form asks for, as moons.py takes it. */
  #choices() {
    const layers = (this.#choice("layers").match(/\d+/g) ?? ["8"]).slice(0, 4).map((width) => Math.min(32, Math.max(1, Number(width))));
    const [noise, seed] = ["noise", "seed"].map((name) => Number(this.#choice(name)));
    return { shape: this.#choice("shape"), noise, layers, activation: this.#choice("activation"), seed };
  }

  /** End a step that is under way, and forget the net. */
  #reset() {
    this.#running = false;
    this.#known = null;
    session.stop();
    this.#say("stopped", "Forgotten. Train begins anew.");
  }

  #call(method, options) {
    return session.ask("call", { name: MODULE.name, method, options });
  }

  #draw(measured) {
    if (this.#known === null) return; // a choice has changed meanwhile
    this.#losses.push(measured);
    this.#show(this.#known, this.#losses, "training");
  }

  /** The last of what was measured, and the losses on the way to it. */
  #show({ points, labels, parameters }, measured, state) {
    const { step, loss, accuracy } = measured.at(-1);
    drawPlane(this.#form.querySelector(".trainer-plane"), { ...measured.at(-1), points, labels });
    drawLosses(this.#form.querySelector(".trainer-loss"), measured);
    this.#form.dataset.accuracy = accuracy;
    this.#say(state, `Step ${step}: loss ${loss.toFixed(3)}, ${(100 * accuracy).toFixed(0)}% right, ${parameters} parameters`);
  }

  #say(state, text) {
    this.#form.dataset.state = state;
    this.#form.querySelector(".live-status").textContent = text;
  }

  #choice(name) {
    return this.#form.elements[name].value;
  }

  #control(name) {
    return this.#form.querySelector(`[data-action=${name}]`);
  }
}

export const startTrainer = (root) => root.querySelectorAll("form.trainer").forEach((form) => new Trainer(form));

// The moons trainer: the reader's choices go to moons.py in the worker, what that returns goes to the canvases.
import { keepInAddress } from "./address.js";
import { drawLosses, drawPlane } from "./plane.js";
import { Stopped, session } from "./session.js";

const STEPS = 4; // between two pictures
const MODULE = { name: "moons", url: new URL("moons.py", import.meta.url).href };

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
    const layers = (this.#choice("layers").match(/\d+/g) ?? ["8"]).slice(0, 4).map((width) => Math.min(32, Math.max(1, Number(width))));
    const [noise, seed] = ["noise", "seed"].map((name) => Number(this.#choice(name)));
    const options = { shape: this.#choice("shape"), noise, layers, activation: this.#choice("activation"), seed };
    this.#losses = [];
    this.#known = await this.#call("begin", options);
    this.#draw(this.#known);
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
    const { points, labels, parameters } = this.#known;
    const { step, loss, accuracy } = measured;
    this.#losses.push({ step, loss });
    drawPlane(this.#form.querySelector(".trainer-plane"), { ...measured, points, labels });
    drawLosses(this.#form.querySelector(".trainer-loss"), this.#losses);
    this.#form.dataset.accuracy = accuracy;
    this.#say("training", `Step ${step}: loss ${loss.toFixed(3)}, ${(100 * accuracy).toFixed(0)}% right, ${parameters} parameters`);
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

// One example of a page: its buttons, its editor, its output.
import { check, exerciseOf } from "./exercise.js";
import { Output } from "./output.js";
import { Stopped, session } from "./session.js";

const button = (label, name, title) => {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", textContent: label, title, className: `live-button live-${name}` });
  return made;
};

export class Block {
  #run = button("Run", "run", "Run this code in your browser (Ctrl+Enter in the editor)");
  #check = button("Check", "check", "Check this answer to the exercise");
  #edit = button("Edit", "edit", "Change this code");
  #stop = button("Stop", "stop", "End this run");
  #status = Object.assign(document.createElement("span"), { className: "live-status" });
  #element = Object.assign(document.createElement("div"), { className: "live" });
  #exercise = "";
  #output;
  #editor = null;
  #ranIn = -1;

  /** The package for want of which it failed when it last ran, or "". */
  lacked = "";

  /** `shown` is the element that holds the code, `code` what doctest.js read in it, `group` the blocks of its scope. */
  constructor(shown, code, group) {
    Object.assign(this, { shown, code, group });
    const output = Object.assign(document.createElement("div"), { className: "live-output" });
    this.#output = new Output(output);
    this.#status.setAttribute("role", "status");
    this.#stop.hidden = true;
    this.#element.append(this.#run, this.#check, this.#edit, this.#stop, this.#status, output);
    shown.classList.add("live-code");
    shown.after(this.#element);
    this.#run.addEventListener("click", () => this.run());
    this.#edit.addEventListener("click", () => (this.#editor ? this.restore() : this.edit()));
    this.#stop.addEventListener("click", () => session.stop());
    this.#exercise = exerciseOf(shown);
    this.#check.hidden = !this.#exercise;
    this.#check.addEventListener("click", () => this.check());
  }

  get source() {
    return this.#editor?.value ?? this.code.source;
  }

  get edited() {
    return this.source !== this.code.source;
  }

  /** Whether its variables are there. */
  get hasRun() {
    return this.#ranIn === session.generation;
  }

  /** Run what the page needs of the blocks before, and then this one. */
  async run() {
    this.#busy(true);
    this.#output.clear();
    const fresh = this.group.isFresh(this);
    try {
      const lacking = await this.group.runBefore(this, (text) => this.#say("busy", text));
      const { error, seconds } = await this.execute((kind, text) => this.#output.show(kind, text));
      this.#conclude(error, this.lacked || lacking, fresh, `${seconds.toFixed(2)} s`);
    } catch (error) {
      if (error instanceof Stopped) this.#say("stopped", "Stopped. All variables are gone; the next run starts afresh.");
      else this.#say("broken", `This can't run here: ${error.message}`);
    } finally {
      this.#busy(false);
    }
  }

  /** Show what the checker says to the answer. */
  async check() {
    this.#busy(true);
    this.#output.clear();
    try {
      const { passed, text, svg } = await check(this.#exercise, this.source, (step) => this.#say("busy", step));
      this.#output.show("verdict", text);
      if (svg) this.#output.show("svg", svg);
      this.#say(passed ? "same" : "failed", passed ? "Right." : "Not yet.");
    } catch (error) {
      if (error instanceof Stopped) this.#say("stopped", "Stopped.");
      else this.#say("broken", `This can't be checked here: ${error.message}`);
    } finally {
      this.#busy(false);
    }
  }

  /** Run just this one. */
  async execute(onOutput = () => {}) {
    const { group, code } = this;
    const details = { source: this.source, scope: group.scope, module: group.module, everyValue: code.prompts, goOn: code.errors };
    const outcome = await session.ask("run", details, { onOutput, onProgress: (text) => this.#say("busy", text) });
    this.#ranIn = session.generation;
    this.lacked = outcome.missing;
    if (this.edited) group.changedIn = session.generation;
    return outcome;
  }

  #conclude(error, lacking, fresh, time) {
    const promised = this.edited ? null : this.code.expected;
    const same = promised?.test(this.#output.printed);
    if (same) return this.#say("same", `As printed here, in ${time}`);
    if (lacking && (error || promised)) return this.#lacks(lacking);
    if (promised && fresh) return this.#say("differs", `Not as printed here, in ${time}`);
    const failed = error && !this.code.errors;
    this.#say(failed ? "failed" : "done", failed ? `${error}, after ${time}` : `Done in ${time}`);
  }

  /** The code needs what doesn't come with this site: fetch it only if the reader says so. */
  #lacks(name) {
    this.#output.clear();
    if (!FETCHABLE.has(name)) return this.#say("lacks", `This needs ${LABELS[name] ?? name}, which a browser doesn't have. It runs on your computer.`);
    this.#say("lacks", `This needs ${LABELS[name] ?? name}, which this site doesn't hold. `);
    const fetch = button(`Fetch it from cdn.jsdelivr.net (${FETCHABLE.get(name)})`, "fetch", "Asks a server other than this site's");
    fetch.addEventListener("click", () => this.#install(name));
    this.#status.append(fetch);
  }

  async #install(name) {
    this.#busy(true);
    this.#say("busy", `Fetching ${LABELS[name] ?? name} ...`);
    try {
      await session.ask("install", { packages: [name] });
      session.generation += 1;
    } catch (error) {
      this.#busy(false);
      return this.#say("broken", error.message);
    }
    await this.run();
  }

  edit() {
    const { height } = this.shown.getBoundingClientRect();
    this.#editor = Object.assign(document.createElement("textarea"), { className: "live-editor", value: this.code.source, spellcheck: false });
    this.#editor.setAttribute("aria-label", "Python code");
    this.#editor.rows = Math.max(3, this.code.source.split("\n").length + 1);
    this.#editor.style.minHeight = `${Math.min(height, 400)}px`;
    this.#editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.run();
    });
    this.shown.hidden = true;
    this.shown.after(this.#editor);
    this.#edit.textContent = "Undo edits";
    this.#editor.focus();
  }

  restore() {
    this.#editor.remove();
    this.#editor = null;
    this.shown.hidden = false;
    this.#edit.textContent = "Edit";
  }

  #busy(yes) {
    this.#run.disabled = yes;
    this.#check.disabled = yes;
    this.#stop.hidden = !yes;
    if (yes) this.#say("busy", "Running ...");
  }

  #say(state, text) {
    this.#element.dataset.state = state;
    this.#status.textContent = text;
  }
}

const LABELS = { numpy: "NumPy", "scikit-learn": "scikit-learn" };

/** What Pyodide's server has, and how much of it comes, with what it needs in turn. */
const FETCHABLE = new Map([
  ["numpy", "3 MB"],
  ["scikit-learn", "25 MB"],
  ["tqdm", "0.1 MB"],
  ["safetensors", "4 MB"],
]);

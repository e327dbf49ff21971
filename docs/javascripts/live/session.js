// The page's side of the worker: tasks in, promises out. A stopped session starts a new worker when next asked.
const WORKER = new URL("worker.js", import.meta.url);

export class Stopped extends Error {}

export class Session {
  #worker = null;
  #waiting = new Map();
  #count = 0;
  #ready = false;

  /** Counts the fresh starts: what was computed under another number is gone. */
  generation = 0;

  /** Do one task of worker.js. `onOutput(kind, text)` and `onProgress(text)` are told what happens meanwhile. */
  ask(task, details = {}, { onOutput = () => {}, onProgress = () => {} } = {}) {
    this.#worker ??= this.#start();
    const id = ++this.#count;
    if (!this.#ready) onProgress("Starting Python ...");
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onOutput, onProgress });
      this.#worker.postMessage({ ...details, id, task });
    });
  }

  /** End whatever runs, and forget all variables. */
  stop() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = false;
    this.generation += 1;
    for (const { reject } of this.#waiting.values()) reject(new Stopped("stopped"));
    this.#waiting.clear();
  }

  #start() {
    const worker = new Worker(WORKER, { type: "module" });
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => {
      const reason = new Error(event.message || "The worker could not be started.");
      for (const { reject } of this.#waiting.values()) reject(reason);
      this.#waiting.clear();
    };
    return worker;
  }

  #hear({ id, kind, output, text, result, reason }) {
    if (kind === "progress") {
      for (const { onProgress } of this.#waiting.values()) onProgress(text);
      return;
    }
    this.#ready = true;
    const task = this.#waiting.get(id);
    if (kind === "output") return task?.onOutput(output, text);
    this.#waiting.delete(id);
    if (kind === "done") task?.resolve(result);
    else task?.reject(new Error(reason));
  }
}

/** The one of this page: its examples share their Python. */
export const session = new Session();

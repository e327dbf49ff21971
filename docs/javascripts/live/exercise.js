// Asks the checker of the exercises, in the worker, about an answer.
import { session } from "./session.js";

const MODULE = { name: "checker", url: new URL("checker.py", import.meta.url).href };
const BUNDLE = new URL("../../assets/exercises/bundle.json", import.meta.url);
let preparedIn = -1;

const call = (method, options) => session.ask("call", { name: MODULE.name, method, options });

/** The exercise that an example of the page asks for, or "". */
export const exerciseOf = (shown) => shown.closest("[data-exercise]")?.dataset.exercise ?? "";

/** `{passed, text, svg}`: what the checker says to this answer. */
export const check = async (exercise, source, onProgress) => {
  if (preparedIn !== session.generation) {
    await session.ask("import", MODULE, { onProgress });
    await call("unpack", await (await fetch(BUNDLE)).json());
    preparedIn = session.generation;
  }
  return call("check", { exercise, source });
};

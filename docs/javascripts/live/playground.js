// The playground: an expression of the reader's own, as a graph and in the debugger.
import { keepInAddress } from "./address.js";
import { Output } from "./output.js";
import { Stopped, session } from "./session.js";

/** The code that shows it: the names that the expression uses become Values. */
const program = ({ values, expression, view }) => `
from micrograd.engine import Value
from micrograd.engine import *
from micrograd.engine.viz import debug, draw_dot, keep_sources
${values}
for _name, _value in list(globals().items()):
    if type(_value) in (int, float) and not _name.startswith("_"):
        globals()[_name] = Value(float(_value), label=_name)
with keep_sources():
    result = ${expression.trim()}
result.label = result.label or "result"
result.backward()
${view === "graph" ? "draw_dot(result)" : "debug(result)"}
`;

const start = (form) => {
  const output = new Output(form.querySelector(".live-output"));
  const status = form.querySelector(".live-status");
  const [show, stop] = ["show", "stop"].map((name) => form.querySelector(`[data-action=${name}]`));
  const say = (state, text) => {
    form.dataset.state = state;
    status.textContent = text;
    show.disabled = state === "busy";
    stop.hidden = state !== "busy";
  };

  keepInAddress(form);
  stop.addEventListener("click", () => session.stop());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    output.clear();
    say("busy", "Running ...");
    const details = { source: program(Object.fromEntries(new FormData(form))), scope: `playground ${Date.now()}`, module: "" };
    const pictures = (kind, text) => (kind === "out" ? null : output.show(kind, text));
    try {
      const { error, seconds } = await session.ask("run", { ...details, everyValue: false, goOn: false }, {
        onOutput: pictures,
        onProgress: (text) => say("busy", text),
      });
      say(error ? "failed" : "done", error ? `${error}: see below` : `Computed in ${seconds.toFixed(2)} s`);
    } catch (error) {
      if (error instanceof Stopped) say("stopped", "Stopped.");
      else say("broken", `This can't run here: ${error.message}`);
    }
  });
};

/** Show what an example of the page says, as if it had been written into the form. */
const take = (example, form) => {
  if (form.dataset.state === "busy") return;
  form.elements.expression.value = example.textContent;
  form.dispatchEvent(new Event("change"));
  form.requestSubmit();
  form.scrollIntoView();
};

export const startPlayground = (root) => {
  for (const form of root.querySelectorAll("form.playground")) {
    start(form);
    for (const example of root.querySelectorAll(".live-example")) example.addEventListener("click", () => take(example, form));
  }
};

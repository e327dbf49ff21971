const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const stages = data.stages;
let at = 0;

function element(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

function instruction(cell, sign, [text, origin, line, became]) {
  const [, name, type, op, rest] = text.match(/^(\S+?)(: .*?\]| *: bool\[.*?\])? = (\w+)(.*)$/s) || [null, text, "", "", ""];
  cell.append(element("span", "note", sign + " "), element("span", "var", name));
  if (op) cell.append(element("span", "note", type || ""), " = ", element("span", "op", op), rest);
  const notes = [origin && `from ${origin}`, line && `line ${line}`, became && `is ${became}`].filter(Boolean);
  if (notes.length) cell.append(element("span", "note", `   # ${notes.join(", ")}`));
}

function row([before, after], isFirst) {
  const tr = element("tr"), left = element("td"), right = element("td");
  tr.append(left, right);
  if (before) {
    const kind = after ? "" : before[3] ? "merged" : "gone";
    left.className = kind;
    instruction(left, { "": " ", merged: "=", gone: "−" }[kind], before);
    if (before[3]) {
      const target = () => [...$("rows").rows].find((r) => r.dataset.after === before[3]);
      tr.addEventListener("pointerenter", () => target()?.classList.add("target"));
      tr.addEventListener("pointerleave", () => target()?.classList.remove("target"));
    }
  }
  if (after) {
    tr.dataset.after = after[0].split(":")[0];
    right.className = before || isFirst ? "" : "fresh";
    instruction(right, before || isFirst ? " " : "+", after);
  }
  return tr;
}

function draw() {
  const stage = stages[at], before = at ? stages[at - 1] : null;
  document.querySelectorAll("#stages button").forEach((button, k) => {
    if (k === at) button.setAttribute("aria-current", "step"); else button.removeAttribute("aria-current");
  });
  $("name").textContent = stage.name;
  $("what").textContent = stage.what;
  const instructions = (n) => `${n} instruction${n === 1 ? "" : "s"}`;
  $("before").textContent = before ? `before, after “${before.name}”: ${instructions(before.count)}` : "before: single operations";
  $("after").textContent = `after “${stage.name}”: ${instructions(stage.count)}`;
  const rows = stage.rows.filter(([a, b]) => !$("changes").checked || !a || !b);
  $("rows").replaceChildren(...rows.map((r) => row(r, at === 0)));
  if (!rows.length) $("rows").insertRow().insertCell().textContent = "nothing";
}

function go(place) {
  at = Math.max(0, Math.min(stages.length - 1, place));
  draw();
}

function start() {
  const counts = [...data.tape.map(([name, count, what]) => ({ name, count, what })), ...stages];
  const most = Math.log1p(Math.max(...counts.map((c) => c.count)));
  counts.forEach((stage, k) => {
    const item = element("li"), place = k - data.tape.length, label = element(place < 0 ? "div" : "button", "", stage.name);
    label.append(element("span", "count", stage.count.toLocaleString("en")));
    label.title = stage.what;
    const bar = element("i");
    bar.style.width = `${(88 * Math.log1p(stage.count)) / most}%`;
    item.append(label, bar);
    if (place >= 0) label.addEventListener("click", () => go(place));
    $("stages").append(item);
  });
  const first = counts[0], last = counts[counts.length - 1];
  $("summary").textContent = `${first.count.toLocaleString("en")} operations become ${last.count.toLocaleString("en")} instructions in ${counts.length - 1} passes. The bars are logarithmic.`;
  $("changes").addEventListener("change", draw);
  addEventListener("keydown", (event) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stages.length - 1 }[event.key];
    if (to !== undefined) { event.preventDefault(); go(to); }
  });
  draw();
}

start();

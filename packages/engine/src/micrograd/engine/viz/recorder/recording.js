const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

// ---- data -----------------------------------------------------------------------------------------------------------

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
const doubles = (text) => (text === null ? null : new Float64Array(bytes(text)));
const losses = doubles(data.losses);
const number = (x) => (typeof x === "number" ? x : Number(x === "inf" ? Infinity : x === "-inf" ? -Infinity : NaN));
const frames = data.frames.map((f) => ({
  step: f.step, loss: number(f.loss), old: doubles(f.old), grad: doubles(f.grad), next: doubles(f.new),
  states: f.states.map(doubles), numbers: f.numbers, graph: doubles(f.graph),
  plane: f.plane === null ? null : new Int8Array(bytes(f.plane)),
}));
const owners = data.groups.flatMap(([, , count], k) => Array(count).fill(k));
const largest = (arrays) => arrays.reduce((most, a) => a.reduce((m, x) => (Math.abs(x) > m ? Math.abs(x) : m), most), 0) || 1;
const valueRange = largest(frames.map((f) => f.old));
const gradRange = largest(frames.map((f) => f.grad));

function short(x) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  return x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e4) ? x.toFixed(4) : x.toExponential(1);
}
const exact = (x) => (Number.isFinite(x) ? Number(x.toPrecision(8)).toString() : short(x));

// ---- state ----------------------------------------------------------------------------------------------------------

let at = 0, chosen = 0, timer = null;
const frame = () => frames[at];

function make(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function rgb(name) {  // light-dark() is resolved by the browser where a colour is used
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  probe.remove();
  return found;
}
const mix = (a, b, share) => a.map((x, k) => x + (b[k] - x) * share);
const css = (c) => `rgb(${c.map(Math.round).join(" ")})`;

// ---- curves ---------------------------------------------------------------------------------------------------------

function curve(svg, points, now) {
  const width = svg.clientWidth || 500, height = svg.clientHeight || 200, left = 62, right = 12, top = 10, bottom = 22;
  const finite = points.filter(([, y]) => Number.isFinite(y));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren();
  if (!finite.length) return;
  const ys = finite.map(([, y]) => y), lastX = Math.max(1, points[points.length - 1][0]);
  let low = Math.min(...ys), high = Math.max(...ys);
  if (low === high) { low -= Math.abs(low) * 0.1 || 1; high += Math.abs(high) * 0.1 || 1; }
  const x = (v) => left + (v / lastX) * (width - left - right);
  const y = (v) => height - bottom - ((v - low) / (high - low)) * (height - top - bottom);
  for (const share of [0, 0.5, 1]) {
    const v = low + share * (high - low);
    svg.append(make("line", { class: "axis", x1: left, x2: width - right, y1: y(v), y2: y(v) }));
    svg.append(make("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end" }, short(v)));
  }
  svg.append(make("text", { x: left, y: height - 5 }, "0"));
  svg.append(make("text", { x: width - right, y: height - 5, "text-anchor": "end" }, `step ${lastX}`));
  svg.append(make("polyline", { class: "line", points: finite.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ") }));
  svg.append(make("line", { class: "now", x1: x(now), x2: x(now), y1: top, y2: height - bottom }));
  const here = finite.find(([a]) => a >= now);
  if (here) svg.append(make("circle", { class: "dot", r: 4.5, cx: x(here[0]), cy: y(here[1]) }));
}

// ---- the plane ------------------------------------------------------------------------------------------------------

const MARKS = ["--negative", "--positive", "--param-line", "--bad", "--forward", "--input-line"];

function drawPlane() {
  const canvas = $("plane"), scores = frame().plane, side = data.side, size = 760;
  canvas.width = canvas.height = size;
  const ctx = canvas.getContext("2d"), paper = rgb("--panel"), cell = size / side;
  const marks = MARKS.map(rgb), isClasses = !frames.some((f) => f.plane && f.plane.some((s) => s < 0 || s > 9));
  ctx.fillStyle = css(paper);
  ctx.fillRect(0, 0, size, size);
  if (scores) {
    const small = new OffscreenCanvas(side, side), pixels = small.getContext("2d");
    scores.forEach((s, k) => {
      const tint = isClasses ? 0.4 : (0.6 * Math.abs(s)) / 127;
      pixels.fillStyle = css(mix(paper, isClasses ? marks[s % marks.length] : marks[s > 0 ? 1 : 0], tint));
      pixels.fillRect(k % side, side - 1 - Math.floor(k / side), 1, 1);
    });
    ctx.imageSmoothingEnabled = !isClasses;
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(small, 0, 0, size, size);
    if (!isClasses) outline(ctx, scores, side, cell, size);
  }
  const [left, right, low, high] = data.extent;
  for (const [px, py, kind] of data.points) {
    const x = ((px - left) / (right - left)) * size, y = size - ((py - low) / (high - low)) * size;
    ctx.beginPath();  // classes differ in shape, too
    if (kind % 2) ctx.arc(x, y, 9, 0, 7); else ctx.rect(x - 8, y - 8, 16, 16);
    ctx.fillStyle = css(marks[kind % marks.length]);
    ctx.fill();
    ctx.lineWidth = 2.5;
    ctx.strokeStyle = css(paper);
    ctx.stroke();
  }
}

function outline(ctx, scores, side, cell, size) {  // marching squares: where the score is 0, between the middles of cells
  const between = (p, q) => scores[p] / (scores[p] - scores[q]);
  ctx.beginPath();
  for (let y = 0; y + 1 < side; y++) {
    for (let x = 0; x + 1 < side; x++) {
      const k = y * side + x, corners = [k, k + 1, k + side + 1, k + side], at = [[0, 0], [1, 0], [1, 1], [0, 1]], ends = [];
      for (let e = 0; e < 4; e++) {
        const p = corners[e], q = corners[(e + 1) % 4], [ax, ay] = at[e], [bx, by] = at[(e + 1) % 4];
        if (scores[p] > 0 !== scores[q] > 0) { const t = between(p, q); ends.push([x + ax + t * (bx - ax), y + ay + t * (by - ay)]); }
      }
      for (let e = 0; e + 1 < ends.length; e += 2) {
        ctx.moveTo((ends[e][0] + 0.5) * cell, size - (ends[e][1] + 0.5) * cell);
        ctx.lineTo((ends[e + 1][0] + 0.5) * cell, size - (ends[e + 1][1] + 0.5) * cell);
      }
    }
  }
  ctx.lineWidth = 4;
  ctx.lineCap = "round";
  ctx.strokeStyle = css(rgb("--ink"));
  ctx.stroke();
}

// ---- parameters -----------------------------------------------------------------------------------------------------

const CELL = data.names.length > 120 ? 13 : 21, LINE = 26;
let places = [];

function layers() {  // parameters in rows by the module that holds them: "layers.0" of "layers.0.neurons.3.w.1"
  const rows = new Map();
  data.names.forEach((name, k) => {
    const key = name.split(/[.[]/).slice(0, /^\w+\.\d+/.test(name) ? 2 : 1).join(".");
    if (!rows.has(key)) rows.set(key, []);
    rows.get(key).push(k);
  });
  return rows.size > 40 ? new Map([["all", data.names.map((_, k) => k)]]) : rows;
}

function drawParameters() {
  const canvas = $("cells"), box = $("parameters").clientWidth - 14, half = Math.floor((box - 20) / 2);
  const columns = Math.max(4, Math.floor(half / CELL)), rows = layers(), ratio = devicePixelRatio || 1;
  let height = 0;
  for (const cells of rows.values()) height += LINE + Math.ceil(cells.length / columns) * CELL;
  canvas.style.width = `${box}px`;
  canvas.style.height = `${height + 4}px`;
  canvas.width = box * ratio;
  canvas.height = (height + 4) * ratio;
  const ctx = canvas.getContext("2d"), ground = rgb("--panel"), plus = rgb("--positive"), minus = rgb("--negative");
  const tint = (x, range) => css(Number.isNaN(x) ? rgb("--bad") : mix(ground, x > 0 ? plus : minus, Math.min(1, Math.sqrt(Math.abs(x) / range))));
  ctx.scale(ratio, ratio);
  ctx.font = "11.5px ui-monospace, Menlo, Consolas, monospace";
  places = [];
  let y = 0;
  for (const [name, cells] of rows) {
    ctx.fillStyle = css(rgb("--soft"));
    ctx.fillText(name, 0, y + 17);
    ctx.fillText(y ? "" : "gradients", half + 20, y + 17);
    y += LINE;
    cells.forEach((k, n) => {
      const cx = (n % columns) * CELL, cy = y + Math.floor(n / columns) * CELL;
      [[frame().old[k], valueRange, 0], [frame().grad[k], gradRange, half + 20]].forEach(([v, range, shift]) => {
        ctx.fillStyle = Number.isNaN(v) && shift ? css(rgb("--raised")) : tint(v, range);
        ctx.fillRect(cx + shift, cy, CELL - 1, CELL - 1);
        ctx.lineWidth = k === chosen ? 2 : 0.5;
        ctx.strokeStyle = css(rgb(k === chosen ? "--ink" : "--line"));
        ctx.strokeRect(cx + shift + 0.5, cy + 0.5, CELL - 2, CELL - 2);
        places.push([cx + shift, cy, k]);
      });
    });
    y += Math.ceil(cells.length / columns) * CELL;
  }
}

function choose(k) {
  chosen = Math.max(0, Math.min(data.names.length - 1, k));
  $("chosen").value = chosen;
  draw();
}

// ---- the optimiser's arithmetic -------------------------------------------------------------------------------------

const OPERATIONS = {
  constant: (a) => a, add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b,
  pow: (a, b) => a ** b, neg: (a) => -a, sqrt: Math.sqrt, square: (a) => a * a, abs: Math.abs, sign: Math.sign,
  exp: Math.exp, log: Math.log, maximum: Math.max, minimum: Math.min,
};

function ruleOf(f, k) {
  for (const numbers of f.numbers) {
    const rule = data.rules[numbers.rule];
    if (rule.parameters.includes(owners[k])) return [rule, numbers];
  }
  return [null, null];
}

function evaluated(formulas, numbers, f, k) {
  const states = formulas.inputs.length - 2 - formulas.numbers.length;
  const values = [f.old[k], f.grad[k]];
  for (let s = 0; s < states; s++) values.push(f.states[s] ? f.states[s][k] : 0);
  for (const name of formulas.numbers) values.push(number(numbers[name]));
  for (const [op, read] of formulas.program) values.push(OPERATIONS[op](...read.map((r) => (typeof r === "object" ? number(r.c) : values[r]))));
  return values;
}

function row(table, cells, kind) {
  const tr = table.insertRow();
  tr.className = kind || "";
  for (const [text, name] of cells) {
    const td = tr.insertCell();
    td.textContent = text;
    if (name) td.className = name;
  }
  return tr;
}

function drawArithmetic() {
  const f = frame(), k = chosen, table = document.createElement("table"), [rule, numbers] = ruleOf(f, k);
  table.dataset.parameter = data.names[k];
  $("rule").textContent = rule ? rule.name : f.next ? "moved by the loop itself" : "";
  const formulas = rule && rule.formulas;
  const line = (name, value, text, kind) => { row(table, [[name], [value, "result"], [text || "", "numbers"]], kind).dataset.name = name; };
  const result = (name, value, symbols, filled) => {
    line(name, value, "", "output");
    const cell = table.rows[table.rows.length - 1].cells[2];
    [[symbols, "symbols"], [filled, "numbers"]].forEach(([text, kind]) => {
      const part = document.createElement("div");
      part.className = kind;
      part.textContent = `= ${text}`;
      cell.append(part);
    });
  };
  const hidden = f.next && Number.isNaN(f.grad[k]) && rule;
  line("old", exact(f.old[k]));
  line("grad", hidden ? "" : exact(f.grad[k]), hidden ? "stays inside the compiled step, or there is none" : "");
  if (!f.next) line("", "", "the training is over");
  else if (formulas && !hidden) {
    const values = evaluated(formulas, numbers, f, k), names = [...formulas.inputs];
    formulas.inputs.slice(2).forEach((name, s) => line(name, exact(values[s + 2])));
    for (const [name, formula, place] of formulas.outputs) {
      const symbols = formula.replace(/\{(\d+)\}/g, (_, p) => names[p] ?? "?");
      const filled = formula.replace(/\{(\d+)\}/g, (_, p) => (values[p] < 0 ? `(${exact(values[p])})` : exact(values[p])));
      result(name, exact(values[place]), symbols, filled);
      names[place] = name;
    }
  } else {
    const moved = f.next[k] - f.old[k];
    result("new", exact(f.next[k]), "old + change", `${exact(f.old[k])} + (${exact(moved)})`);
    if (f.grad[k]) line("change / grad", exact(moved / f.grad[k]), "in plain gradient descent this is −lr");
  }
  if (f.next) line("recorded", exact(f.next[k]), "what the parameter was after the step", "output");
  $("arithmetic").replaceChildren(table);
}

// ---- the graph of one sample ----------------------------------------------------------------------------------------

function prepareGraph() {
  const svg = data.svg && new DOMParser().parseFromString(data.svg, "image/svg+xml").documentElement;
  if (!svg) { $("graph-panel").hidden = true; return []; }
  $("graph").append(document.importNode(svg, true));
  $("shown").textContent = data.shown[0] < data.shown[1] ? `the ${data.shown[0]} of its ${data.shown[1]} nodes that are nearest to the output` : "";
  return [...$("graph").querySelectorAll("g[data-node]")].filter((g) => g.dataset.node.startsWith("v"));
}
let cards = [];

function showOutput() {
  const last = cards[cards.length - 1], box = $("graph");
  if (!last) return;
  const [inner, outer] = [last.getBoundingClientRect(), box.getBoundingClientRect()];
  box.scrollLeft += inner.right - outer.right + 24;
  box.scrollTop += (inner.top + inner.bottom - outer.top - outer.bottom) / 2;
}

function drawGraph() {
  const numbers = frame().graph;
  cards.forEach((g, n) => {
    const texts = g.querySelectorAll("text.number");
    [0, 2].forEach((shift, which) => {
      const [low, high] = numbers ? [numbers[4 * n + shift], numbers[4 * n + shift + 1]] : [NaN, NaN];
      texts[which].textContent = !numbers ? "·" : low === high ? short(low) : `${Number(low.toPrecision(3))} … ${Number(high.toPrecision(3))}`;
    });
  });
}

// ---- all of it ------------------------------------------------------------------------------------------------------

function draw() {
  const f = frame();
  $("slider").value = at;
  $("step").textContent = f.next ? `step ${f.step} of ${data.steps}` : `after ${data.steps} steps`;
  $("loss").textContent = f.next ? exact(f.loss) : "";
  curve($("curve"), Array.from(losses, (y, n) => [n * data.stride, y]), f.step);
  curve($("path"), frames.map((g) => [g.step, g.old[chosen]]), f.step);
  if (data.extent) drawPlane();
  drawParameters();
  drawArithmetic();
  drawGraph();
}

function go(place) {
  at = Math.max(0, Math.min(frames.length - 1, place));
  draw();
}

function play(isOn) {
  clearInterval(timer);
  timer = null;
  $("play").textContent = isOn ? "❚❚ Pause" : "▶ Play";
  if (!isOn) return;
  if (at === frames.length - 1) at = 0;
  timer = setInterval(() => (at < frames.length - 1 ? go(at + 1) : play(false)), Math.max(40, Math.min(400, 8000 / frames.length)));
}

function start() {
  const mega = (n) => `${(n / 1e6).toFixed(1)} MB`;
  const kept = frames.filter((f) => f.next).length;
  $("model").textContent = data.model;
  $("about").textContent = `${data.steps} steps, ${kept === data.steps ? "all" : kept} of them kept` +
    `${data.every > 1 ? ` (one in ${data.every})` : ""}; ${data.names.length < data.total ? `${data.names.length} of ` : ""}${data.total} numbers followed; ` +
    `${mega(document.documentElement.outerHTML.length)} of a budget of ${mega(data.budget)} for the steps`;
  $("slider").max = frames.length - 1;
  $("range").textContent = `±${short(valueRange)}`;
  $("grad-range").textContent = `±${short(gradRange)}`;
  $("sample").textContent = data.sample;
  $("plane-panel").hidden = !data.extent;
  $("plane-legend").textContent = "The line is where the score is 0; colours deepen with the score.";
  data.names.forEach((name, k) => $("chosen").append(new Option(name, k)));
  const canvas = document.createElement("canvas");
  canvas.id = "cells";
  canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", "Parameters; the arrow keys choose one");
  $("parameters").append(canvas);
  cards = prepareGraph();
  canvas.addEventListener("click", (event) => {
    const hit = places.find(([x, y]) => event.offsetX >= x && event.offsetX < x + CELL && event.offsetY >= y && event.offsetY < y + CELL);
    if (hit) choose(hit[2]);
  });
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move) { event.preventDefault(); event.stopPropagation(); choose(chosen + move); }
  });
  $("chosen").addEventListener("change", () => choose(Number($("chosen").value)));
  $("slider").addEventListener("input", () => { play(false); go(Number($("slider").value)); });
  const buttons = { first: () => 0, back: () => at - 1, on: () => at + 1, last: () => frames.length - 1 };
  for (const [id, to] of Object.entries(buttons)) $(id).addEventListener("click", () => { play(false); go(to()); });
  $("play").addEventListener("click", () => play(timer === null));
  addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, button")) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: frames.length - 1 }[event.key];
    if (event.key === " ") { event.preventDefault(); play(timer === null); } else if (to !== undefined) { event.preventDefault(); play(false); go(to); }
  });
  addEventListener("resize", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  const steepest = (best, g, k) => (Math.abs(g) > Math.abs(frames[0].grad[best]) ? k : best);
  choose(frames[0].grad.reduce(steepest, 0));
  showOutput();
}

start();

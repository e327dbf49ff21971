// Numbers, formulas and elements as they stand on the page. Text goes in as text and never as HTML.

function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function short(x) {
  if (x === undefined) return "";
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "−inf";
  const size = Math.abs(x);
  const text = x === 0 || (size >= 1e-3 && size < 1e5) ? trimmed(x.toFixed(4)) : x.toExponential(3).replace(/\.?0*e\+?/, "e");
  return text.replace(/-/g, "−");
}

// The same in at most nine characters, as a card has room for: three digits before an exponent, else six.
function compact(x) {
  const text = short(x);
  if (text.includes("e")) return x.toExponential(2).replace(/\.?0*e\+?/, "e").replace(/-/g, "−");
  return text.length > 8 ? short(Number(x.toPrecision(6))) : text;
}

const trimmed = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, ".0") : text);

// A number that carries all its digits, for a reader who points at it and for whoever checks them.
function figure(x, className = "") {
  const made = element("span", `figure ${className}`, short(x));
  made.dataset.exact = String(x);
  made.title = String(x);
  return made;
}

// An operand in brackets, unless it is a number above zero, a name or a call.
const bracketed = (text) => (/^[^−\s+*/%-][^\s+*/%−-]*$/.test(text) || /^[\w.]+\([^()]*\)$/.test(text) ? text : `(${text})`);

// The same around a figure that is already an element.
const inBrackets = (made) => (made.textContent.startsWith("−") ? ["(", made, ")"] : [made]);

const SUPERSCRIPTS = { 2: "²", 3: "³" };

// A derivative, which comes in Python's signs, as one writes it by hand.
function pretty(formula) {
  return formula.replace(/ \* log/g, " · log").replace(/\*\*([23])(?![\d.])/g, (_, power) => SUPERSCRIPTS[power])
    .replace(/\*\*/g, "^").replace(/\*/g, "·").replace(/-/g, "−");
}

// A formula with names or numbers in place of x, y and out.
function filled(formula, texts) {
  return pretty(formula.replace(/\b(x|y|out)\b/g, "\u0000$1\u0000"))
    .replace(/\u0000(x|y|out)\u0000/g, (_, name) => (formula === name ? texts[name] : bracketed(texts[name])));
}

// An operation applied to texts.
function applied(op, parts) {
  if (parts.length === 2 && !/[\p{L}\p{N}]/u.test(op.plain)) {
    const sign = { "*": "×", "-": "−", "**": "^" }[op.plain] ?? op.plain;
    return `${bracketed(parts[0])} ${sign} ${bracketed(parts[1])}`;
  }
  if (op.name === "neg") return `−${bracketed(parts[0])}`;
  return `${op.plain}(${parts.join(", ")}${op.settings ? `, ${op.settings}` : ""})`;
}

// A small picture of an array, in cells as large as the room allows: blue below zero, red above, and crossed where a number
// is none.
function heatMap(array, width, height) {
  const { rows, columns } = array.map;
  const numbers = doubles(array.map.numbers);
  const made = element("canvas", "heat");
  made.width = columns * 8;
  made.height = rows * 8;
  const cell = Math.min(20, width / columns, height / rows);
  made.style.width = `${Math.max(columns * cell, 10)}px`;
  made.style.height = `${Math.max(rows * cell, 10)}px`;
  const most = Math.max(1e-300, ...numbers.filter(Number.isFinite).map(Math.abs));
  const pen = made.getContext("2d");
  numbers.forEach((x, k) => paintCell(pen, (k % columns) * 8, Math.floor(k / columns) * 8, x / most));
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", `${array.shape}: ${short(number(array.min))} to ${short(number(array.max))}`);
  return made;
}

function paintCell(pen, x, y, share) {
  if (!Number.isFinite(share)) {
    pen.fillStyle = "#c026d3";
    pen.fillRect(x, y, 8, 8);
    pen.strokeStyle = "#fff";
    pen.beginPath();
    pen.moveTo(x + 1, y + 1); pen.lineTo(x + 7, y + 7); pen.moveTo(x + 7, y + 1); pen.lineTo(x + 1, y + 7);
    pen.stroke();
    return;
  }
  const depth = Math.sqrt(Math.abs(share));
  pen.fillStyle = share >= 0 ? `rgba(214, 69, 52, ${depth})` : `rgba(44, 116, 200, ${depth})`;
  pen.fillRect(x, y, 8, 8);
}

function statistics(array) {
  const parts = [`shape ${array.shape}`];
  if (array.mean !== undefined) {
    parts.push(`${short(number(array.min))} … ${short(number(array.max))}`);
    parts.push(`mean ${short(number(array.mean))}`, `std ${short(number(array.std))}`);
  }
  if (array.bad) parts.push(`${array.bad} not finite`);
  return parts.join(" · ");
}

// All numbers of an array in rows, behind a line that opens.
function table(array) {
  if (array.dims.includes(0)) return element("p", "soft", "It holds no number.");
  if (!array.numbers) return element("p", "soft", "Too many numbers to be kept in the page.");
  const numbers = doubles(array.numbers);
  const width = array.dims[array.dims.length - 1] || 1;
  const made = element("table", "numbers");
  for (let start = 0; start < numbers.length; start += width) {
    const row = element("tr", "", ...[...numbers.subarray(start, start + width)].map((x) => element("td", "", figure(x))));
    made.append(row);
  }
  const details = element("details", "", element("summary", "", "all numbers"), element("div", "scroll", made));
  details.dataset.numbers = array.numbers;
  return details;
}

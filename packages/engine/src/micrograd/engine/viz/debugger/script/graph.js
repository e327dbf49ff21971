// The recorded graph: what ran, in which order, and what every node holds and has received after a number of steps.
// Step 0 is the beginning; then comes every operation in the order in which it ran, then the gradient 1 of the root,
// then every operation in reverse.

function decode(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text).buffer;
  const letters = atob(text);
  const found = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k++) found[k] = letters.charCodeAt(k);
  return found.buffer;
}

const doubles = (text) => new Float64Array(decode(text));
const integers = (text) => new Int32Array(decode(text));
const bytes = (text) => new Int8Array(decode(text));
// JSON has no nan and no infinities: they come as words.
const number = (x) => (typeof x === "string" ? { nan: NaN, inf: Infinity, "-inf": -Infinity }[x] : x);

class Graph {
  constructor(written) {
    Object.assign(this, written);
    for (const name of ["data", "grad", "slotLocal", "slotAmount"]) this[name] = doubles(written[name]);
    for (const name of ["starts", "slotSource", "op", "source", "home"]) this[name] = integers(written[name]);
    for (const name of ["reached", "slotKind"]) this[name] = bytes(written[name]);
    this.parameters = new Set(written.parameters);
    this.root = this.count - 1;
    this.readOrder();
    this.readUses();
  }

  readOrder() {
    this.forward = [];
    this.rank = new Int32Array(this.count).fill(-1);
    for (let place = 0; place < this.count; place++) {
      if (this.op[place] >= 0) this.rank[place] = this.forward.push(place) - 1;
    }
    this.seedStep = this.forward.length + 1;
    const reached = this.reached[this.root] === 1;
    this.backward = reached ? this.forward.filter((place) => this.reached[place]).reverse() : [];
    this.backStep = new Int32Array(this.count).fill(-1);
    this.backward.forEach((place, number) => { this.backStep[place] = this.seedStep + 1 + number; });
    this.last = reached ? this.seedStep + this.backward.length : this.forward.length;
  }

  // For every node the slots that hand something back to it, in the order in which the sweep adds them up.
  readUses() {
    const slots = this.slotSource.length;
    this.slotUser = new Int32Array(slots);
    this.useStarts = new Int32Array(this.count + 1);
    for (let place = 0; place < this.count; place++) {
      for (let slot = this.starts[place]; slot < this.starts[place + 1]; slot++) {
        this.slotUser[slot] = place;
        if (this.slotSource[slot] >= 0 && this.slotKind[slot] & 1) this.useStarts[this.slotSource[slot] + 1]++;
      }
    }
    for (let place = 0; place < this.count; place++) this.useStarts[place + 1] += this.useStarts[place];
    this.useSlots = new Int32Array(this.useStarts[this.count]);
    const next = this.useStarts.slice();
    for (let place = this.count - 1; place >= 0; place--) {
      for (let slot = this.starts[place]; slot < this.starts[place + 1]; slot++) {
        if (this.slotSource[slot] >= 0 && this.slotKind[slot] & 1) this.useSlots[next[this.slotSource[slot]]++] = slot;
      }
    }
  }

  // What happens at a step.
  at(step) {
    if (step <= 0) return { phase: "start", place: -1 };
    if (step < this.seedStep) return { phase: "forward", place: this.forward[step - 1] };
    if (step === this.seedStep) return { phase: "seed", place: this.root };
    return { phase: "backward", place: this.backward[step - this.seedStep - 1] };
  }

  slots(place) {
    return Array.from({ length: this.starts[place + 1] - this.starts[place] }, (_, k) => this.starts[place] + k);
  }

  uses(place) { return this.useSlots.subarray(this.useStarts[place], this.useStarts[place + 1]); }

  isComputed(place, step) { return this.rank[place] < step; }

  // The gradient of a node after a step: how many of its contributions are in, and their sum.
  gradientAt(place, step) {
    const uses = this.uses(place);
    const isRoot = place === this.root;
    if (isRoot && step >= this.seedStep) return { come: 1, all: 1, sum: this.grad[place], slots: [] };
    let come = 0, sum;
    while (come < uses.length && this.backStep[this.slotUser[uses[come]]] <= step) {
      const amount = this.slotAmount[uses[come]];
      sum = come ? sum + amount : amount;
      come++;
    }
    return { come, all: isRoot ? 1 : uses.length, sum, slots: uses.subarray(0, come) };
  }

  // The operations in a box, in the order in which they run, and the last of them.
  operationsIn(box) {
    this.ranges ??= new Map();
    if (!this.ranges.has(box)) this.ranges.set(box, this.readOperations(box));
    return this.ranges.get(box);
  }

  readOperations(box) {
    const ranks = [], steps = [];
    const stack = [box];
    while (stack.length) {
      for (const unit of this.groups[stack.pop()][4]) {
        if (unit < 0) stack.push(~unit);
        else if (this.op[unit] >= 0) {
          ranks.push(this.rank[unit] + 1);
          if (this.backStep[unit] >= 0) steps.push(this.backStep[unit]);
        }
      }
    }
    const sorted = Int32Array.from(ranks).sort();
    const exit = ranks.length ? this.forward[sorted[sorted.length - 1] - 1] : -1;
    return { ranks: sorted, steps: Int32Array.from(steps).sort(), count: ranks.length, exit };
  }

  // Whether a node, or all that happens in a box, has been computed.
  isPast(unit, step) {
    if (unit >= 0) return this.isComputed(unit, step);
    const { ranks } = this.operationsIn(~unit);
    return !ranks.length || ranks[ranks.length - 1] <= step;
  }

  isArray(place) { return this.arrays[place] !== undefined; }

  kind(place) { return this.op[place] >= 0 ? "inner" : this.parameters.has(place) ? "param" : "input"; }

  // The number that an operand held when its operation ran.
  held(slot) {
    const written = this.written[slot];
    return written === undefined ? this.data[this.slotSource[slot]] : number(written);
  }

  operandText(slot) {
    const array = this.heldArray(slot);
    return array ? `[${array.shape}]` : short(this.held(slot));
  }

  heldArray(slot) { return this.writtenArrays[slot] ?? this.arrays[this.slotSource[slot]]; }

  value(place) { return this.isArray(place) ? `[${this.arrays[place].shape}]` : short(this.data[place]); }

  title(place) { return this.name(place) || `node ${place} = ${this.value(place)}`; }

  name(place) { return this.names[place] || ""; }

  // A name without what the box around it says already.
  shortName(name, box) {
    const outer = box >= 0 ? this.groups[box][0] : "";
    return outer && name.startsWith(`${outer}.`) ? name.slice(outer.length + 1) : name;
  }

  // The innermost box around a node, or around a box, that is named like a module.
  around(box) {
    while (box > 0 && this.groups[box][1] === "run") box = this.groups[box][2];
    return box;
  }

  // The box and all around it, the whole graph first.
  wayDown(box) {
    const way = [];
    for (; box >= 0; box = this.groups[box][2]) way.unshift(box);
    return way;
  }
}

// The notes of a step backward, under what receives them: local derivative x upstream gradient = contribution. A note hangs
// on its card or box, so that the style sheet places it and nothing has to be measured.

class Notes {
  constructor(graph) {
    this.graph = graph;
    this.hung = [];
  }

  show(slots, visible) {
    this.clear();
    const rows = new Map();
    for (const slot of slots) {
      const source = this.graph.slotSource[slot];
      const unit = source >= 0 && this.graph.slotKind[slot] & 1 ? visible(source) : null;
      if (!unit) continue;
      const row = rows.get(unit) ?? 0;
      rows.set(unit, row + 1);
      this.hang(unit, row, noteText(this.graph, slot));
    }
  }

  hang(unit, row, text) {
    const note = element("div", "note", text);
    note.style.setProperty("--row", row);
    unit.made.classList.add("noted");
    unit.anchor.append(note);
    this.hung.push({ unit, note });
  }

  clear() {
    for (const { unit, note } of this.hung) {
      unit.made.classList.remove("noted");
      note.remove();
    }
    this.hung = [];
  }
}

function noteText(graph, slot) {
  const amount = graph.slotAmount[slot];
  if (graph.amountArrays[slot]) return `+= [${graph.amountArrays[slot].shape}]`;
  if (!(graph.slotKind[slot] & 2)) return `+= ${short(amount)}`;
  const g = graph.grad[graph.slotUser[slot]];
  return `${bracketed(short(graph.slotLocal[slot]))} × ${bracketed(short(g))} = ${short(amount)}`;
}

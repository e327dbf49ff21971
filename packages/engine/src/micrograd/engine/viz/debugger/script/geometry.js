// Where everything lies while some boxes are open. Python has laid out every box with all boxes in it closed; where one
// opens, everything beyond it moves away, so that nothing changes sides. All of this is sums of positive numbers: what
// didn't touch before doesn't touch after.

const PAD = 16, HEAD = 30;

// A function that spreads a line of places, so that every interval [start, end] becomes as long as it needs to be.
function spread(intervals, anchor) {
  const gaps = [];
  const place = (x) => {
    let moved = x;
    for (const gap of gaps) moved += gap.room * Math.min(1, Math.max(0, (x - gap.at + 2) / 4));
    return moved;
  };
  for (const [start, end, needed] of intervals.sort((one, other) => one[0] - other[0])) {
    const room = needed - (place(end) - place(start));
    if (room > 0) gaps.push({ at: anchor(start, end), room });
  }
  return place;
}

// The inside of a box: rectangles of its units, routes of its edges with the room that they take, and the size of it all.
// Kept in `plans` by box, for those in which nothing has opened or closed since.
function arrange(graph, box, isOpen, plans) {
  if (!plans.has(box)) plans.set(box, arranged(graph, box, isOpen, plans));
  return plans.get(box);
}

function arranged(graph, box, isOpen, plans) {
  const [, , , number, units] = graph.groups[box];
  const layout = graph.layouts[number];
  const inner = new Map();
  units.forEach((unit, k) => { if (unit < 0 && isOpen(~unit)) inner.set(k, arrange(graph, ~unit, isOpen, plans)); });
  const needs = [...inner].map(([k, inside]) => [k, inside.size[0] + 2 * PAD, inside.size[1] + PAD + HEAD]);
  const across = spread(needs.map(([k, width]) => [layout.boxes[k][0], right(layout.boxes[k]), width]), (_, end) => end - 3);
  const down = spread(needs.map(([k, , height]) => [layout.boxes[k][1], bottom(layout.boxes[k]), height]), (a, b) => (a + b) / 2);
  const boxes = layout.boxes.map(([x, y, w, h], k) => {
    const inside = inner.get(k);
    const [width, height] = inside ? [inside.size[0] + 2 * PAD, inside.size[1] + PAD + HEAD] : [w, h];
    return [across(x + w) - width, down(y + h / 2) - height / 2, width, height];
  });
  const routes = layout.routes.map((points, k) => moved(points, boxes[layout.edges[k][1]], across, down));
  const size = [Math.max(across(layout.size[0]), ...boxes.map(right)), Math.max(down(layout.size[1]), ...boxes.map(bottom))];
  return { box, units, boxes, routes, bounds: routes.map(boundsOf), edges: layout.edges, inner, size };
}

const right = ([x, , w]) => x + w;
const bottom = ([, y, , h]) => y + h;

function moved(points, target, across, down) {
  const route = [];
  for (let k = 0; k < points.length; k += 2) route.push([across(points[k]), down(points[k + 1])]);
  route[route.length - 1][0] = target[0];
  return route;
}

// A rectangle [x, y, width, height] around a route; its curves don't leave that of their ends.
function boundsOf(route) {
  const xs = route.map(([x]) => x), ys = route.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x, Math.max(...ys) - y];
}

// Where a unit lies in the whole picture, by the boxes on the way to it.
function spotOf(plan, way, unit) {
  let x = PAD, y = PAD;
  for (const box of way.slice(1)) {
    const k = plan.units.indexOf(~box);
    x += plan.boxes[k][0] + PAD;
    y += plan.boxes[k][1] + HEAD;
    plan = plan.inner.get(k);
  }
  const [left, top, width, height] = plan.boxes[plan.units.indexOf(unit)];
  return [x + left, y + top, width, height];
}

// Whether two rectangles have something in common.
const meets = ([x, y, w, h], [u, v, width, height]) => x < u + width && u < x + w && y < v + height && v < y + h;
const contains = ([x, y, w, h], [u, v, width, height]) => x <= u && y <= v && u + width <= x + w && v + height <= y + h;

// Curves and straight lines by turns.
function pathOf(route, x, y) {
  let text = `M${route[0][0] + x} ${route[0][1] + y}`;
  for (let k = 1; k < route.length; k++) {
    const [x0, y0] = route[k - 1], [x1, y1] = route[k];
    const middle = (x0 + x1) / 2 + x;
    text += k % 2 && y0 !== y1 ? `C${middle} ${y0 + y} ${middle} ${y1 + y} ${x1 + x} ${y1 + y}` : `L${x1 + x} ${y1 + y}`;
  }
  return text;
}

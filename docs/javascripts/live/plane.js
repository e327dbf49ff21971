// Draws on canvases: what a net thinks of the plane, with the points that it learns from, and how its loss falls.
const SIDES = [
  [79, 109, 221], // label -1
  [224, 108, 46], // label +1
];

/** The boundary: each place in the colour of its side, the paler the less sure. */
export const drawPlane = (canvas, { points, labels, bounds, columns, rows, grid }) => {
  const small = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const image = small.getContext("2d").createImageData(columns, rows);
  grid.forEach((score, place) => {
    const sure = Math.min(1, Math.abs(score));
    const side = SIDES[score > 0 ? 1 : 0];
    for (let channel = 0; channel < 3; channel += 1) image.data[4 * place + channel] = 255 + (side[channel] - 255) * (0.12 + 0.5 * sure);
    image.data[4 * place + 3] = 255;
  });
  small.getContext("2d").putImageData(image, 0, 0);

  const pen = canvas.getContext("2d");
  const [left, right, low, high] = bounds;
  pen.drawImage(small, 0, 0, canvas.width, canvas.height);
  points.forEach(([x, y], number) => {
    pen.beginPath();
    pen.arc(((x - left) / (right - left)) * canvas.width, ((high - y) / (high - low)) * canvas.height, 7, 0, 2 * Math.PI);
    pen.fillStyle = `rgb(${SIDES[labels[number] > 0 ? 1 : 0]})`;
    pen.strokeStyle = "#fff";
    pen.lineWidth = 2;
    pen.fill();
    pen.stroke();
  });
};

/** The losses so far, from the first to the last, below the largest. */
export const drawLosses = (canvas, losses) => {
  const pen = canvas.getContext("2d");
  const top = Math.max(...losses.map(({ loss }) => loss), 1e-9);
  const last = Math.max(losses.at(-1).step, 1);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.beginPath();
  for (const { step, loss } of losses) pen.lineTo((step / last) * canvas.width, canvas.height - 4 - (loss / top) * (canvas.height - 48));
  pen.strokeStyle = "#3f51b5";
  pen.lineWidth = 4;
  pen.stroke();
  pen.fillStyle = "#333";
  pen.font = "28px sans-serif";
  pen.fillText(`loss, at most ${top.toFixed(2)}`, 8, 30);
};

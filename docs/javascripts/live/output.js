// Shows what an example writes and draws, under it.
const LONGEST = 100_000; // characters; a page with more is no longer responsive
const FRAME = `<style>
  :root { color-scheme: light dark; } /* that of the page around it, which shines through */
  body { margin: 0; }
</style>
<script>
  const tell = () => parent.postMessage({ height: document.documentElement.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.documentElement);
</script>`;

export class Output {
  #element;
  #text = "";

  constructor(element) {
    this.#element = element;
    this.clear();
  }

  /** What was printed, errors included, without what went to stderr. */
  get printed() {
    return this.#text;
  }

  clear() {
    this.#element.replaceChildren();
    this.#element.hidden = true;
    this.#text = "";
  }

  show(kind, text) {
    this.#element.hidden = false;
    if (kind === "svg") this.#element.append(picture(text));
    else if (kind === "html") this.#element.append(frame(text));
    else this.#write(kind, text);
  }

  #write(kind, text) {
    if (kind !== "err") this.#text += text;
    const last = this.#element.lastElementChild;
    const block = last?.dataset.kind === kind ? last : this.#append(kind);
    const room = LONGEST - block.textContent.length;
    if (room > 0) block.append(text.length > room ? `${text.slice(0, room)}\n... and more` : text);
  }

  #append(kind) {
    const block = document.createElement("pre");
    block.dataset.kind = kind;
    block.tabIndex = 0; // it may scroll
    this.#element.append(block);
    return block;
  }
}

/** A graph, as an image: what it holds can't act on the page. */
const picture = (svg) => {
  const box = document.createElement("div");
  box.className = "live-picture";
  box.tabIndex = 0;
  const image = document.createElement("img");
  image.alt = "The graph of the expression above, as this run of the code has drawn it";
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  box.append(image);
  return box;
};

/** A page of its own, such as the debugger, as high as it needs to be. */
const frame = (html) => {
  const inner = document.createElement("iframe");
  inner.title = "What this run of the code has made";
  inner.sandbox = "allow-scripts";
  inner.srcdoc = html + FRAME;
  addEventListener("message", ({ source, data }) => {
    if (source === inner.contentWindow && data?.height > 0) inner.style.height = `${Math.ceil(data.height)}px`;
  });
  return inner;
};

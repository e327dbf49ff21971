// Sets the formulas of a page that has any; KaTeX comes from this site, and only then.
const formulas = [...document.querySelectorAll(".arithmatex")];
const vendor = new URL("../vendor/katex/", import.meta.url);

const load = (tag, attributes) =>
  new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject });
    document.head.append(element);
  });

if (formulas.length > 0) {
  await Promise.all([
    load("link", { rel: "stylesheet", href: new URL("katex.min.css", vendor).href }),
    load("script", { src: new URL("katex.min.js", vendor).href }),
  ]);
  for (const formula of formulas) {
    // Python-Markdown leaves \( ... \) inline and \[ ... \] where the formula has its own line.
    const source = formula.textContent.trim();
    window.katex.render(source.slice(2, -2), formula, {
      displayMode: source.startsWith("\\["),
      throwOnError: false,
    });
  }
}

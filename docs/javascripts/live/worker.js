// Python off the page's thread: the page stays responsive, and ends a run by ending the worker.
import { loadPyodide } from "../../vendor/pyodide/pyodide.mjs";

const vendor = new URL("../../vendor/", import.meta.url);
const WHEELS = ["engine", "nn", "datasets"];
const CDN = "https://cdn.jsdelivr.net/pyodide/v314.0.7/full/"; // asked only for what the reader asked for

const content = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response;
};

const start = async () => {
  const say = (text) => postMessage({ kind: "progress", text });
  say("Fetching Python (13 MB, once) ...");
  const wheels = WHEELS.map((name) => content(new URL(`wheels/${name}.whl`, vendor)).then((file) => file.arrayBuffer()));
  const runner = content(new URL("runner.py", import.meta.url)).then((file) => file.text());
  const python = await loadPyodide({ packageBaseUrl: CDN });
  say("Unpacking MicroGrad ...");
  for (const wheel of await Promise.all(wheels)) python.unpackArchive(wheel, "wheel");
  python.FS.writeFile("/home/pyodide/runner.py", await runner);
  return { python, runner: python.pyimport("runner") };
};

const ready = start();
ready.catch(() => {}); // each task that waits for it reports why

const tasks = {
  run({ runner }, { source, scope, module, everyValue, goOn }, show) {
    return JSON.parse(runner.run(source, scope, module, everyValue, goOn, show));
  },
  // A Python file of this site becomes a module, and its functions can be called with plain data.
  async import({ python }, { name, url }) {
    python.FS.writeFile(`/home/pyodide/${name}.py`, await (await content(url)).text());
    python.pyimport(name);
  },
  call({ python }, { name, method, options }) {
    return JSON.parse(python.pyimport(name)[method](JSON.stringify(options)));
  },
  // A package from Pyodide's server. What ran before ran without it: start afresh.
  async install({ python, runner }, { packages }) {
    await python.loadPackage(packages, { errorCallback: () => {} });
    const absent = packages.filter((name) => !(name in python.loadedPackages));
    if (absent.length > 0) throw new Error(`${absent.join(", ")} could not be fetched from ${CDN}`);
    runner.forget();
  },
};

let previous = Promise.resolve();

onmessage = ({ data }) => {
  const { id, task } = data;
  const show = (kind, text) => postMessage({ id, kind: "output", output: kind, text });
  previous = previous.then(async () => {
    try {
      postMessage({ id, kind: "done", result: await tasks[task](await ready, data, show) });
    } catch (error) {
      postMessage({ id, kind: "failed", reason: String(error.message ?? error) });
    }
  });
};

// Reads a block of the page: the code that it holds, and the output that it promises.

/** `{source, expected, prompts}` of a block's text. `expected` is a pattern for what is printed, or null. */
export const read = (text) => (/^\s*>>> /.test(text) ? readPrompts(text) : readScript(text));

const readPrompts = (text) => {
  const [code, wants] = [[], []];
  let want = null;
  for (const line of text.trimEnd().split("\n")) {
    const prompt = line.match(/^\s*(>>>|\.\.\.)(?: (.*)|)$/);
    if (prompt && (prompt[1] === ">>>" || want === null)) {
      code.push(prompt[2] ?? "");
      want = null;
    } else {
      if (want === null) wants.push((want = []));
      want.push(line);
    }
  }
  const expected = wants.map((lines) => pattern(lines.join("\n"))).filter(Boolean);
  const source = code.map((line) => line.replace(/\s*# doctest:.*$/, "")).join("\n");
  return { source, prompts: true, expected: whole(expected), errors: /^Traceback /m.test(text) };
};

/** A script says what it prints in comments: `# prints 24.7041, the outcome`. */
const readScript = (text) => {
  const promised = [...text.matchAll(/# prints ([^,\n]+)/g)].map(([, line]) => pattern(line));
  return { source: text.trimEnd(), prompts: false, expected: promised.length > 0 ? whole(promised) : null, errors: false };
};

const whole = (patterns) => new RegExp(`^\\s*${patterns.join("\\s*")}\\s*$`);

/** As doctest with ELLIPSIS and NORMALIZE_WHITESPACE compares; of a traceback only its last line counts. */
const pattern = (want) => {
  const trimmed = want.replace(/^\s+|\s+$/g, "").replaceAll("<BLANKLINE>", "");
  if (!trimmed.startsWith("Traceback (most recent call last):")) return escaped(trimmed);
  const lines = trimmed.split("\n");
  const last = lines.findIndex((line, number) => number > 0 && /^\s*[\w.]+(:|$)/.test(line) && !/^\s*\.\.\.$/.test(line));
  return `Traceback \\(most recent call last\\):[^]*?${escaped(lines.slice(last).join("\n"))}`;
};

const escaped = (text) =>
  text
    .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
    .replaceAll("\\.\\.\\.", "[^]*?")
    .replace(/\s+/g, "\\s+");

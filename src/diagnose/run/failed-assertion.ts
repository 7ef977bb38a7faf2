/** Where an assertion failed and in whose words, as far as the test's output says it. */
interface FailedAssertion {
  readonly file: string;
  readonly line: number;
  /** Undefined: it said nothing. */
  readonly message: string | undefined;
}

const ENTRY = /^(\s*)(\S+\.(?:go|[cm]?[jt]sx?)):(\d+): ?(.*)$/;
/** What follows an entry's first line stands this much further to the right (testing.common.log); vitest and the like print one line. */
const FURTHER = "    ";
/** testify's labels (assert.Fail, labeledContent): a tab, the label, blanks, a tab, what it says; what goes on has the blanks alone. */
const LABELLED = /^\t(Error Trace|Error|Test|Messages):\s*(.*)$/;

/** What the source has in a line of a file that is known by its base name alone, as go test prints it. */
type LineOf = (file: string, line: number) => string | undefined;

/**
 * The first entry that is known to fail the test; else the first that says something, and is no `t.Log`; else the first of all. A
 * helper's message may begin on the line below its place (testify, gomega).
 */
export function failedAssertion(output: string, lineOf: LineOf = () => undefined): FailedAssertion | undefined {
  const lines = output.split("\n");
  const entries = lines.flatMap((text, at) => {
    const entry = ENTRY.exec(text);
    if (entry === null) return [];
    const said = [entry[4]!, ...following(lines.slice(at + 1), entry[1]! + FURTHER)];
    const [file, line] = [entry[2]!, Number(entry[3])];
    return [{ place: { file, line, message: words(said) }, fails: said.some((text) => LABELLED.test(text)) || FAILS.test(lineOf(file, line) ?? ""), logs: LOGS.test(lineOf(file, line) ?? "") }];
  });
  const saying = entries.filter(({ place }) => place.message !== undefined);
  return (saying.find(({ fails }) => fails) ?? saying.find(({ logs }) => !logs) ?? saying[0] ?? entries[0])?.place;
}

const FAILS = /\.(?:Error|Fatal)f?\(/;
const LOGS = /\.Logf?\(/;

function following(rest: readonly string[], indent: string): readonly string[] {
  const end = rest.findIndex((text) => !text.startsWith(indent));
  return rest.slice(0, end < 0 ? rest.length : end).map((text) => text.slice(indent.length));
}

function words(entry: readonly string[]): string | undefined {
  const said = entry.some((text) => LABELLED.test(text)) ? ofTestify(entry) : entry;
  const from = said.findIndex((text) => text.trim() !== "");
  return from < 0 ? undefined : said.slice(from).join("\n").trimEnd();
}

/** Where it stands is known, and the test's name too. */
function ofTestify(entry: readonly string[]): readonly string[] {
  const said: string[] = [];
  let label = "";
  for (const text of entry) {
    const labelled = LABELLED.exec(text);
    if (labelled) label = labelled[1]!;
    if (label === "Error" || label === "Messages") said.push(labelled ? labelled[2]! : text.trim());
  }
  return said;
}

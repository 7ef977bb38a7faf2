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

/** The first entry that says something; else the first of all. A helper's message may begin on the line below its place (testify, gomega). */
export function failedAssertion(output: string): FailedAssertion | undefined {
  const lines = output.split("\n");
  const entries = lines.flatMap((text, at) => {
    const entry = ENTRY.exec(text);
    return entry === null ? [] : [{ file: entry[2]!, line: Number(entry[3]), message: words([entry[4]!, ...following(lines.slice(at + 1), entry[1]! + FURTHER)]) }];
  });
  return entries.find(({ message }) => message !== undefined) ?? entries[0];
}

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

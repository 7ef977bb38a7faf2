// A reporter for Node's runner, beside the one that a person reads: one line of JSON for each test that failed, and one
// for each file with the time that its process took. `summary.mjs` says them in words.
const WITHIN = "subtestsFailed";

/** The names that lead to a test: the tests of a file come one after another, each after its suite. */
// eslint-disable-next-line no-restricted-syntax -- a reporter is a module's default export (nodejs.org/api/test.html)
export default async function* outcomes(events) {
  const names = [];
  for await (const { type, data } of events) {
    if (type === "test:start") names.length = data.nesting;
    if (type === "test:start") names.push(data.name);
    if (type === "test:complete" && data.nesting === 0 && data.name === data.file) yield line({ file: data.file, milliseconds: data.details.duration_ms });
    if (type !== "test:fail" || data.todo !== undefined) continue;
    const { failureType, cause, message } = data.details.error;
    if (failureType === WITHIN) continue;
    yield line({ file: data.file, line: data.line, names: [...names.slice(0, data.nesting), data.name], error: String(cause?.message ?? cause ?? message) });
  }
}

const line = (value) => `${JSON.stringify(value)}\n`;

/**
 * One dump in the forms in which people paste it. Each says the same, so each must be read the same; `lossy`: the form
 * takes something away, and one sentence must say so.
 */
export const TWO = `goroutine 7 [chan receive, 5 minutes]:
main.(*T).work(0xc000012345, {0x1, 0x2})
\t/src/main.go:12 +0x1d
created by main.main in goroutine 1
\t/src/main.go:8 +0x2a

goroutine 18 [select]:
main.other(...)
\t/src/other.go:112
main.more(0x1?)
\t/src/other.go:99 +0x1
created by main.main in goroutine 1
\t/src/main.go:9 +0x2a

`;

const LINES = TWO.trimEnd().split("\n");
const quote = (text: string): string => JSON.stringify(text);
/** RFC 3339 with nanoseconds as Go prints it: no zeros at the end of the fraction. */
const clock = (i: number): string => `2026-01-02T03:04:${10 + i}${["", ".12", ".1", ".123456789", ".5"][i % 5]!}Z`;
const each = (line: (text: string, index: number) => string): string => `${LINES.map(line).join("\n")}\n`;
const json = (value: unknown): string => `${JSON.stringify(value)}\n`;
/** Hard, as a terminal of that width wraps. */
const wrapped = (text: string, width: number): string => text.split("\n").flatMap((line) => line.replaceAll("\t", "        ").match(new RegExp(`.{1,${width}}`, "g")) ?? [""]).join("\n");
/** RFC 2045, at most 76 characters a line. */
const quotedPrintable = (text: string): string => text.split("\n").map((line) => line.replaceAll("=", "=3D").replaceAll("\t", "=09").replace(/.{73}(?!$)/g, "$&=\n").replace(/=(\n?)=\n/g, "==\n")).join("\n");
const csv = (...fields: readonly string[]): string => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",");
/** Long names, so that lines are wrapped. */
const LONG = TWO.replaceAll("/src/", "/home/somebody/go/src/example.org/acme/warehouse/internal/").replaceAll("main.(*T)", "example.org/acme/warehouse/internal/main.(*T)");
const mark = (text: string): string => (text.startsWith("goroutine") ? ":" : "-");

export const FORMS: Readonly<Record<string, string | Buffer>> = {
  "zap, JSON": json({ level: "error", ts: 1.5, caller: "a.go:3", msg: "boom", stacktrace: TWO }),
  "zap, for people": `2024-03-05T10:00:00.000Z\tERROR\ta/b.go:3\tboom\t{"stack": ${quote(TWO)}}\n`,
  "logrus, one line": `time="2024-03-05T10:00:00Z" level=error msg=${quote(TWO)} app=x\n`,
  "logrus, a line each": each((line, i) => `time="2024-03-05T10:00:${10 + i}Z" level=error msg=${quote(line)}`),
  "slog, text, a line each": each((line, i) => `time=2024-03-05T10:00:${10 + i}.${100 + i}Z level=ERROR msg=${/[ \t"=]/.test(line) || line === "" ? quote(line) : line}`),
  "slog, JSON, a line each": each((line, i) => JSON.stringify({ time: clock(i), level: "ERROR", msg: line })),
  "slog, JSON, one line": json({ time: clock(0), level: "ERROR", msg: "panic", stack: TWO }),
  zerolog: json({ level: "error", error: TWO, message: "x" }),
  "journalctl": each((line, i) => `Mar 05 10:00:${10 + i} host app[1234]: ${line}`),
  "journalctl -o json": each((line) => JSON.stringify({ MESSAGE: line, _PID: "12", __CURSOR: "s=1" })),
  "journalctl -o json, with tabs": each((line) => JSON.stringify({ MESSAGE: line.includes("\t") ? [...Buffer.from(line)] : line, _PID: "12" })),
  "kubectl logs --timestamps": each((line, i) => `${clock(i)} ${line}`),
  "kubectl logs --prefix --timestamps": each((line, i) => `[pod/x-1/c] ${clock(i)} ${line}`),
  "docker compose": each((line) => `app-1  | ${line}`.trimEnd()),
  "docker compose, coloured": each((line) => `\u001b[36mapp-1  |\u001b[0m ${line}`),
  "docker compose around JSON": each((line) => `app-1 | ${JSON.stringify({ log: `${line}\n`, stream: "stderr" })}`),
  "docker's JSON around a logger's": json({ log: json({ level: "error", stacktrace: TWO }), stream: "stderr" }),
  "GitHub Actions": each((line, i) => `2024-03-05T10:00:0${i % 10}.1234567Z ${line}`),
  "gh run view --log": each((line, i) => `build\tRun tests\t2024-03-05T10:00:0${i % 10}.1234567Z ${line}`),
  "CRI": each((line, i) => `2024-03-05T10:00:00.00000000${i % 10}Z stderr F ${line}`),
  "klog": `E0305 10:00:00.123456   12345 file.go:33] ${TWO}`,
  "a time before each header": TWO.replace(/^goroutine/gm, "2024/03/05 10:00:00 goroutine"),
  "GCP": each((line) => JSON.stringify({ insertId: "x", textPayload: line, resource: { type: "k8s" } })),
  "CloudWatch, printed over several lines": JSON.stringify({ events: LINES.map((message, timestamp) => ({ timestamp, message })) }, undefined, 4) + "\n",
  "Loki's answer": json({ status: "success", data: { resultType: "streams", result: [{ stream: { app: "x" }, values: LINES.map((line, i) => [`17096328000000000${10 + i}`, line]) }] } }),
  "OpenTelemetry": json({ resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords: LINES.map((line, i) => ({ timeUnixNano: `${i}`, body: { stringValue: line } })) }] }] }),
  "Logstash": each((line, i) => JSON.stringify({ "@timestamp": clock(i), event: { original: line }, message: line })),
  "Fluentd": each((line) => `2024-03-05 10:00:00.000000000 +0000 app.stderr: ${JSON.stringify({ log: line, stream: "stderr" })}`),
  "Fluent Bit": each((line, i) => `[${i}] kube.var.log: [[1709632800.123456789, {}], ${JSON.stringify({ log: `${line}\n` })}]`),
  "GCP, one line": json(LINES.map((textPayload, i) => ({ insertId: `${i}`, textPayload }))),
  "CSV, a line each": `Date,Host,Message\n${LINES.map((line, i) => csv(clock(i), "h", line)).join("\n")}\n`,
  "CSV, quoted where it must be": LINES.map((line, i) => `${clock(i)},${/[",]/.test(line) ? csv(line) : line}\n`).join(""),
  "CSV, one field": `Date,Message,Host\n${csv(clock(0), TWO, "h")}\n`,
  "quoted-printable": quotedPrintable(TWO),
  "a table of HTML": `<table>${LINES.map((line, i) => `<tr><td>${i + 95}</td><td>${line}</td></tr>`).join("\n")}</table>\n`,
  "notes behind creators": TWO.replaceAll("in goroutine 1", "in goroutine 1   <-- who?"),
  "rsyslog": `Mar 05 10:00:00 h app: ${TWO.trimEnd().replaceAll("\n", "#012").replaceAll("\t", "#011")}\n`,
  "go test -json": each((line) => JSON.stringify({ Action: "output", Package: "p", Test: "T", Output: `${line}\n` })),
  "go test -json, two packages at once": LINES.flatMap((line, i) => [json({ Action: "output", Package: "a", Output: `${line}\n` }), json({ Action: "output", Package: "b", Output: `    log ${i}\n` })]).join(""),
  "go test -json through jq": LINES.map((line) => JSON.stringify({ Action: "output", Package: "a", Output: `${line}\n` }, undefined, 2)).join("\n") + "\n",
  "a list of strings": JSON.stringify(LINES, undefined, 2) + "\n",
  "JSON, deep": json({ a: { b: [{ stack: TWO }] } }),
  "JSON, deep, over several lines": JSON.stringify({ a: { b: [{ stack: TWO }] } }, undefined, 2) + "\n",
  "CRLF": TWO.replaceAll("\n", "\r\n"),
  "CR": TWO.replaceAll("\n", "\r") + "\n",
  "HTML": `<html><body><pre>${TWO}</pre></body></html>\n`,
  "HTML, <br> and &nbsp;": TWO.replaceAll("\t", "&nbsp;&nbsp;").replaceAll("\n", "<br>\n"),
  "HTML, one line": TWO.replaceAll("\n", "<br/>") + "\n",
  "mail": each((line) => `> ${line}`.trimEnd()),
  "mail, an answer to an answer": each((line) => `> > ${line}`.trimEnd()),
  "mail, without blanks": each((line) => `>> ${line}`.trimEnd()),
  "a fence": `\`\`\`go\n${TWO.trimEnd()}\n\`\`\`\nthanks\n`,
  "a fence in a list": `1. It hangs:\n   \`\`\`\n${each((line) => `   ${line}`.trimEnd())}   \`\`\`\n`,
  "numbers, right": each((line, i) => `${String(i + 95).padStart(7)}  ${line}`),
  "numbers, cat -n": each((line, i) => `${String(i + 95).padStart(6)}\t${line}`),
  "numbers, left": each((line, i) => `${String(i + 95).padEnd(5)} ${line}`),
  "numbers, colon": each((line, i) => `${i + 95}: ${line}`),
  "grep -n -A": each((line, i) => `${i + 95}${mark(line)}${line}`),
  "grep -nH -A": each((line, i) => `log.txt${mark(line)}${i + 95}${mark(line)}${line}`),
  "double spacing": TWO.replaceAll("\n", "\n\n"),
  "double spacing, indented": each((line) => `    ${line}`).replaceAll("\n", "\n\n"),
  "lost indentation": each((line) => line.trimStart()),
  "lost line ends": `${TWO.replace(/\s+/g, " ")}\n`,
  "indented frames": TWO.split("\n").map((line) => (line.startsWith("goroutine") || line === "" ? line : `    ${line}`)).join("\n"),
  "trailing blanks": each((line) => line.padEnd(80)),
  "tabs as blanks": TWO.replaceAll("\t", "        "),
  "blanks of a web page": TWO.replaceAll("\t", "\u00a0\u00a0\u00a0\u00a0"),
  "UTF-8 with a mark": `\ufeff${TWO}`,
  "UTF-16, little end first": Buffer.from(`\ufeff${TWO}`, "utf16le"),
  "UTF-16, big end first": Buffer.from(`\ufeff${TWO}`, "utf16le").swap16(),
  "UTF-16 without a mark": Buffer.from(TWO, "utf16le"),
  "a diff": each((line) => `+${line}`),
  "a comment": each((line) => `// ${line}`.trimEnd()),
  "a string of another language": `'${TWO.replaceAll("\n", "\\n").replaceAll("\t", "\\t")}'\n`,
  "notes behind the lines": TWO.replace("minutes]:", "minutes]:   <-- stuck here").replace("0x2})", "0x2})     ← who?").replace("+0x1d", "+0x1d   // here"),
};

/** LONG, and what a narrow terminal or a mail program makes of it. */
export const WRAPPED: readonly [string, Readonly<Record<string, string>>] = [LONG, { "80 columns": wrapped(LONG, 80), "60 columns": wrapped(LONG, 60), "quoted-printable": quotedPrintable(LONG), "filled up with blanks": wrapped(LONG, 80).replace(/^.+$/gm, (line) => line.padEnd(80)) }];

// The reference of the library, as typedoc makes it of the docstrings: each public function, class and method says what it means, what it takes and what it
// throws, and each function and class has an example that compiles and runs.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ReflectionKind, type Comment, type DeclarationReflection, type ParameterReflection, type ProjectReflection, type SignatureReflection } from "typedoc";
import ts from "typescript";
import { compileExamples, runExample, writeExamples, type Example } from "./api-examples.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
interface Reference {
  readonly model: ProjectReflection;
  readonly warnings: readonly string[];
}
const { reference } = (await import(join(ROOT, "scripts/api.mjs"))) as { readonly reference: () => Promise<Reference> };
const { model, warnings } = await reference();

interface Described {
  readonly name: string;
  readonly reflection: DeclarationReflection;
  /** Of a class: its own; else one for each signature. */
  readonly comments: readonly Comment[];
}

const signaturesOf = (one: DeclarationReflection): readonly SignatureReflection[] => one.signatures ?? (one.getSignature === undefined ? [] : [one.getSignature]);
const commentsOf = (one: DeclarationReflection): readonly Comment[] => [one.comment, ...signaturesOf(one).map(({ comment }) => comment)].filter((comment) => comment !== undefined);

function allOf(kind: ReflectionKind): readonly Described[] {
  return model.getReflectionsByKind(kind).map((reflection) => ({ name: reflection.getFullName(), reflection: reflection as DeclarationReflection, comments: commentsOf(reflection as DeclarationReflection) }));
}

const textOf = (comment: Comment): string => [comment.summary, ...comment.blockTags.filter(({ tag }) => tag !== "@example").map(({ content }) => content)].flat().map(({ text }) => text).join("");
const tag = (comments: readonly Comment[], name: string): readonly string[] => comments.flatMap(({ blockTags }) => blockTags.filter((one) => one.tag === name).map(({ content }) => content.map(({ text }) => text).join("")));

const isError = ({ extendedTypes = [] }: DeclarationReflection): boolean => extendedTypes.some((type) => /Error$|Panic$/.test(type.toString()));
const functions = allOf(ReflectionKind.Function);
const methods = allOf(ReflectionKind.Method).filter(({ reflection }) => reflection.inheritedFrom === undefined);
const shown: readonly Described[] = [...functions, ...allOf(ReflectionKind.Class).filter(({ reflection }) => !isError(reflection))];

const codeOf = (text: string): string => text.replace(/^```\w*\n|\n```\s*$/g, "");
const examples: readonly Example[] = shown.flatMap(({ name, comments }) => tag(comments, "@example").slice(0, 1).map((text) => ({ of: name, code: codeOf(text) })));

describe("the reference of the library", () => {
  it("has every public entry", () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { exports: Readonly<Record<string, unknown>> };
    const modules = (model.children ?? []).map(({ name }) => name);
    assert.deepEqual([...modules].sort(), Object.keys(exports).filter((name) => name !== "./package.json").map((name) => `unpark${name.slice(1)}`).sort());
  });

  it("typedoc misses nothing: each has a docstring, each link leads somewhere, each type is named or meant to be nameless", () => assert.deepEqual(warnings, []));

  it("each function and method names its parameters, and each number's says what it counts", () => {
    const missing = [...functions, ...methods].flatMap(({ name, reflection, comments }) => {
      const all = new Set(signaturesOf(reflection).flatMap(({ parameters = [] }) => parameters));
      return [...all].filter((parameter) => !isTold(parameter, comments)).map((parameter) => `${name}: ${parameter.name}`);
    });
    assert.deepEqual([...new Set(missing)], []);
  });

  it("what throws by itself says what", () => {
    assert.deepEqual([...functions, ...methods].filter(({ reflection, comments }) => throws(reflection) && !comments.some((comment) => /@throws|throws|panic|Panics/.test(`${textOf(comment)} ${tag([comment], "@throws").length > 0 ? "@throws" : ""}`))).map(({ name }) => name), []);
  });

  it("each function and class has an example", () => assert.deepEqual(shown.filter(({ comments }) => tag(comments, "@example").length === 0).map(({ name }) => name), []));
});

/** `options`, and what only ends a wait, is told by its type; the value that a name says is told by being named. */
function isTold(parameter: ParameterReflection, comments: readonly Comment[]): boolean {
  const isNumber = parameter.type?.toString() === "number";
  if (parameter.comment !== undefined && parameter.comment.summary.length > 0) return true;
  return !isNumber && (/^(options|ending|__namedParameters|body|args)$/.test(parameter.name) || comments.some((comment) => textOf(comment).includes(`\`${parameter.name}\``)));
}

/** Does its body throw, reject or panic, as it stands in the source? What it calls is not looked at. */
function throws({ sources = [] }: DeclarationReflection): boolean {
  const [source] = sources;
  if (source === undefined) return false;
  const file = ts.createSourceFile(source.fileName, readFileSync(source.fullFileName, "utf8"), ts.ScriptTarget.Latest, true);
  const at = file.getPositionOfLineAndCharacter(source.line - 1, source.character);
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.getStart(file) <= at && at < node.end && (ts.isFunctionLike(node) || ts.isVariableDeclaration(node))) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found !== undefined && /\bthrow\b|\brejected\(|\bdurationOf\(/.test(found.getText(file));
}

it("what is shipped has the docstrings, and not their examples", async () => {
  const { withoutExamples } = (await import(join(ROOT, "scripts/release/stage.mjs"))) as { readonly withoutExamples: (text: string) => string };
  assert.equal(withoutExamples("/**\n * Ends it.\n *\n * @example\n * stop();\n */\nexport declare function stop(): void;\n/** One. */"), "/**\n * Ends it.\n */\nexport declare function stop(): void;\n/** One. */");
});

describe("the examples of the reference", { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-api-"));
  const wrong: readonly Example[] = [
    { of: "test.does-not-compile", code: 'const n: number = time.ms("500");' },
    { of: "test.fails", code: "assert.equal(await new Chan<number>(1).length, 1);" },
    { of: "test.hangs", code: "await new Chan<number>().recv();" },
  ];
  const all = [...examples, ...wrong];
  let compiled: ReadonlyMap<string, readonly string[]>;
  before(async () => {
    await writeExamples(folder, ROOT, all);
    compiled = compileExamples(folder, all);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const example of examples) {
    it(example.of, async () => {
      assert.deepEqual(compiled.get(example.of), []);
      const { code, said } = await runExample(folder, example);
      assert.equal(code, 0, said);
    });
  }

  it("an example that does not compile, that fails, or that hangs is found", async () => {
    assert.match(compiled.get("test.does-not-compile")!.join(), /not assignable to parameter of type 'number'/);
    assert.deepEqual([compiled.get("test.fails"), compiled.get("test.hangs")], [[], []]);
    assert.match((await runExample(folder, wrong[1]!)).said, /AssertionError.*0 !== 1/s);
    assert.notEqual((await runExample(folder, wrong[2]!)).code, 0);
  });
});

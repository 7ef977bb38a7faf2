import { SEVERITIES, VERDICTS } from "../../model/finding/finding.js";
import { PACKAGE_FLAGS } from "../../pipeline/config/config.js";
import { kindSchema } from "../../pipeline/config/value-kind.js";
import { loadCommands, type CommandTable } from "../command.js";
import type { FlagSpec, FlagSpecs } from "./flags.js";
import { allFlags, readsSettings, SHARED_FLAGS } from "../read-project.js";

type Schema = Readonly<Record<string, unknown>>;

/** The JSON schema of `.unpark.yaml` for editors, made of the tables of flags that the commands read. */
export async function settingsSchema(table: CommandTable): Promise<Schema> {
  const commands = (await loadCommands(table)).filter(readsSettings);
  const text = (description: string): Schema => ({ type: "string", minLength: 1, description });
  const verdict = { enum: VERDICTS };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Settings of unpark (.unpark.yaml)",
    ...group("docs/config.md", {
      ...propertiesOf(SHARED_FLAGS),
      ignore: listOf("findings that are known and accepted for a time", ["reason", "expires"], {
        function: text("where it is blocked, or what started it; * stands for anything"), stack: text("anywhere on its stack, or what started it; in place of function, or with it"), test: text("the test's name, its subtests too; * stands for anything"), package: text("the package's import path; * stands for anything"), verdict,
        reason: text("why, for whoever reads it"), expires: { type: "string", format: "date", pattern: "^\\d{4}-\\d\\d-\\d\\d$", description: "the last day on which it holds" },
      }),
      skip: listOf("tests that are not explored", ["test", "reason"], { test: text("the test's name; * stands for anything"), package: text("./server/..., or an import path"), reason: text("why, for whoever reads it") }),
      severity: group("what counts: error, note or off, for each verdict", Object.fromEntries(VERDICTS.map((one) => [one, { enum: [...SEVERITIES, false] }]))),
      packages: listOf("what holds in the packages that match; the later entry goes before", ["match"], { match: text("./server/..., or an import path"), ...propertiesOf(Object.fromEntries(PACKAGE_FLAGS.map((name) => [name, SHARED_FLAGS[name]!]))) }),
      ...Object.fromEntries(commands.map((command) => [command.name, group(`for 'unpark ${command.name}' alone`, propertiesOf(allFlags(command)))])),
    }),
  };
}

const group = (description: string, properties: Schema): Schema => ({ description, type: "object", additionalProperties: false, properties });
const listOf = (description: string, required: readonly string[], properties: Schema): Schema => ({ description, type: ["array", "null"], items: { type: "object", additionalProperties: false, required, properties } });

const propertiesOf = (flags: FlagSpecs): Schema => Object.fromEntries(Object.entries(flags).filter(([, { never }]) => never === undefined).map(([name, spec]) => [name, { description: spec.help, ...schemaOf(spec) }]));

function schemaOf({ type, kind = "text" }: FlagSpec): Schema {
  if (type === "boolean") return { type };
  const value = kindSchema(kind);
  if (type === "optional") return { anyOf: [{ type: "boolean" }, value] };
  return type === "list" ? { anyOf: [{ type: "array", items: value }, value] } : value;
}

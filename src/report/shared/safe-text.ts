import { spelledOut } from "../../base/spell-out.js";

/**
 * A text form made of a value that strangers have written in: of names, messages, output of tests. What is in the value
 * is spelled out before (base/spell-out.ts), so that the only control characters of the text are our own colours.
 */
export const safeText = <T>(value: T, write: (shown: T) => string): string => withoutCommands(write(spelledOut(value)));

/**
 * A CI runner takes a line of output that begins with `::` (after blanks) as a command to itself, and `##[` wherever it
 * stands (actions/runner, ActionCommand.cs: TryParseV2, TryParse): a stranger's line is kept from being one.
 */
export const withoutCommands = (text: string): string => text.replace(COMMAND, "$1\\::").replace(/##\[/g, "#\\#[");

const COMMAND = /^((?:[\s\ufeff]|\u001b\[\d*m)*)::/gm;

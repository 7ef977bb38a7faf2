import { spellOutLines } from "../../base/spell-out.js";

/**
 * Escaped for XML 1.0, text or attribute: control characters are spelled out, and the two noncharacters that it cannot
 * hold (production 2, Char) become U+FFFD. Line ends are kept in attributes, too, where a reader would make them blanks.
 */
export const xml = (text: string): string =>
  spellOutLines(text).replace(/[\ufffe\uffff]/g, "\ufffd").replace(/[&<>"'\t\n]/g, (c) => `&#${c.charCodeAt(0)};`);

/** As text between tags: line ends as they are, to be read by a person. */
export const xmlText = (text: string): string => xml(text).replace(/&#10;/g, "\n").replace(/&#9;/g, "\t");

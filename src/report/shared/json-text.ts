/**
 * JSON that may be shown on a terminal: what JSON itself lets through and a terminal obeys (DEL, C1) or a reader is
 * deceived by (bidirectional marks) is escaped. It reads back as the same value.
 */
export const jsonText = (value: unknown, indent?: number): string => `${escaped(JSON.stringify(value, undefined, indent))}\n`;

/** One line of a stream of objects. */
export const jsonLine = (value: unknown): string => jsonText(value);

const escaped = (json: string): string => json.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

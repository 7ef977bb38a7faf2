import { createHash } from "node:crypto";

interface PageParts {
  readonly title: string;
  readonly style: string;
  /** Escaped HTML. */
  readonly body: string;
  /** What the script finds as JSON in the element `data`. */
  readonly data: unknown;
  /** A script's text. */
  readonly script: string;
  /** It may ask the server that it came from; a file asks nobody. */
  readonly asks?: true;
}

/**
 * One self-contained page: nothing from the network. Its script and its style run because the policy names their hashes
 * (CSP Level 3, "hash-source"): no text of a stranger in the data can become a script.
 */
export function htmlPage({ title, style, body, data, script, asks }: PageParts): string {
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(plainScript(script))}; img-src data:;${asks ? " connect-src 'self';" : ""} base-uri 'none'; form-action 'none'`;
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style></head><body>`,
    body,
    `<script type="application/json" id="data">${jsonSafe(JSON.stringify(data))}</script>`,
    `<script>${script}</script>`,
    "</body></html>\n",
  ].join("\n");
}

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** No text within a script element may end it, or begin a comment; in JSON `<` stands in strings only, so an escape means the same. */
const jsonSafe = (json: string): string => json.replace(/<(?=[/!s])/gi, "\\u003c");

/** A script is our own, and minified in the package: there `<` is an operator, too, so nothing is replaced. It must be plain as it is. */
function plainScript(script: string): string {
  const unsafe = /<(?:\/script|script|!--)/i.exec(script);
  if (unsafe !== null) throw new Error(`a page's script holds ${JSON.stringify(unsafe[0])}, which would end it`);
  return script;
}

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

import { spellOut } from "../base/spell-out.js";

/**
 * What may be said of a source that a person gave, in every output: text, JSON, SARIF, JUnit, HTML, the store, errors,
 * the process's title. A password, and the value of any parameter that is not known to be harmless, is replaced: of a
 * parameter's name alone it cannot be known whether it is a secret (`token`, `sig`, `X-Amz-Signature`, `k`).
 */
export function publicName(source: string): string {
  if (WHOLE.test(source)) return spellOut(source.replace(WHOLE, publicAddress));
  return spellOut(source.replace(ADDRESS, publicAddress).replace(CREDENTIALS, "$1").replace(LOCAL_QUERY, (_, path: string, query: string) => `${path}${publicQuery(query)}`));
}

function publicAddress(_: string, scheme: string, authority: string, path: string, query: string | undefined): string {
  return `${scheme}${authority.slice(authority.lastIndexOf("@") + 1)}${path}${publicQuery(query, LABELS.test(scheme))}`;
}

/** Several words, as of a command line: also the values of flags that are called as secrets are. */
export function publicWords(words: readonly string[]): readonly string[] {
  return words.map((word, i) => {
    const before = i > 0 ? words[i - 1]! : "";
    if (isSecretFlag(before) && !word.startsWith("-")) return HIDDEN;
    const equals = word.indexOf("=");
    // Not of an address, whose own parameters may be called so: it has more to hide.
    if (equals > 0 && !word.slice(0, equals).includes("://") && isSecretName(word.slice(0, equals))) return `${publicName(word.slice(0, equals))}=${HIDDEN}`;
    return publicName(word);
  });
}

/** The secrets in a command line, to be looked for where others speak of it. */
export function secretsIn(words: readonly string[]): readonly string[] {
  const found = words.flatMap((word, i) => {
    const shown = publicWords(words)[i]!;
    const value = word.includes("=") ? word.slice(word.indexOf("=") + 1) : word;
    return [...(shown === HIDDEN || shown.endsWith(`=${HIDDEN}`) ? parts(value) : []), ...inAddress(word)];
  });
  return [...new Set(found)].filter((secret) => secret.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** A text that others wrote (a server's answer, an error of the system), without the secrets that we know. */
export const without = (secrets: readonly string[], text: string): string => secrets.reduce((said, secret) => said.replaceAll(secret, HIDDEN), text);

/** The secrets of an address: its password, and the values of its parameters, as written and as decoded. */
export function inAddress(address: string): readonly string[] {
  const [, , authority = "", , query = ""] = WHOLE.exec(address) ?? new RegExp(ADDRESS.source, "i").exec(address) ?? [];
  const user = authority.includes("@") ? authority.slice(0, authority.lastIndexOf("@")) : (new RegExp(CREDENTIALS.source).exec(address)?.[0].slice(0, -1) ?? "");
  const password = user.includes(":") ? user.slice(user.indexOf(":") + 1) : "";
  const values = query.replace(/^[?#]/, "").split(/[&;#]/).filter((one) => !HARMLESS.test(one) && !(LABELS.test(address) && !isSecretName(one.split("=")[0]!))).map((one) => one.slice(one.indexOf("=") + 1));
  return [password, user, ...values].flatMap((one) => [one, decoded(one)]).filter((secret) => secret.length >= SHORTEST);
}

const HIDDEN = "***";
/** A shorter one would be found in words that have nothing to do with it. */
const SHORTEST = 4;
/** A word that is an address, and nothing else: what of it is a quote belongs to it (a text may put an address into quotes). */
const WHOLE = /^([a-z][a-z0-9+.-]*:\/\/)((?:[^/?#\s]*@)?[^/?#\s]*)([^?#\s]*)([?#]\S*)?$/i;
/** Anywhere in a text: `scheme://`, what is up to the path, the path, and what follows it. */
const ADDRESS = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/)([^/?#\s'"]*)([^?#\s'"]*)([?#][^\s'"]*)?/gi;
/** `user:password@` before a host without a scheme. */
const CREDENTIALS = /(^gops:|^|[\s'"])[^\s/@:'"]+:[^\s/@'"]*@(?=[\w.[\]-]+(?:[:/]|$))/g;
/** `host:6060/path?…` and `unix:/run/app.sock:/path?…`, without a scheme. */
const LOCAL_QUERY = /^((?:unix:|[\w.[\]:-]+:\d+)[^?#\s]*)([?#]\S+)$/;
/** pprof's own parameters (net/http/pprof). */
const HARMLESS = /^(?:debug|seconds|gc|labels|rate|port)=\d*$/;

/** An address whose parameters are labels of a service. */
const LABELS = /^pyroscope\+/i;

function publicQuery(query: string | undefined, areLabels = false): string {
  if (query === undefined || !query.startsWith("?")) return ""; // what is behind # is never sent
  const shown = query.slice(1).split("#", 1)[0]!.split("&").filter((one) => one !== "").map((one) => (HARMLESS.test(one) || (areLabels && !isSecretName(one.split("=")[0]!)) ? one : one.includes("=") ? `${one.slice(0, one.indexOf("="))}=${HIDDEN}` : HIDDEN));
  return shown.length === 0 ? "" : `?${shown.join("&")}`;
}

const isSecretName = (name: string): boolean => /pass(?:word|wd|phrase)?$|pwd$|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|webhook$|^-*(?:user|header|auth|bearer)/i.test(name);
const isSecretFlag = (word: string): boolean => word.startsWith("-") && !word.includes("=") && isSecretName(word);

/** `alice:hunter2` → also `hunter2`; `Authorization: Bearer abc` → also its text, and its last word. */
function parts(value: string): readonly string[] {
  const text = value.slice(value.indexOf(":") + 1).trim();
  return [value, text, text.split(/\s+/).at(-1)!];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An error without the source that it begins with, where that stands beside it; a URL's own form has a slash at its end. */
export const withoutSource = (error: string, source: string): string =>
  [`${source}: `, `${source}/: `].reduce((text, prefix) => (text.startsWith(prefix) ? text.slice(prefix.length) : text), error);

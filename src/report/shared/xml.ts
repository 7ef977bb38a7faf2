/** Escaped for XML 1.0: control characters that it cannot hold become U+FFFD. */
export const xml = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\uFFFD").replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** An element with its class and text. Text is never markup. Pages embed this function's text, so it refers to nothing outside itself. */
export function pageElement<K extends keyof HTMLElementTagNameMap>(tag: K, className = "", text?: string): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className !== "") node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** A line of counts; `points`: [x, count]. The page embeds this function's text, so it refers to nothing outside itself. */
export function pageChart(points: readonly (readonly [number, number])[], kind: string, words: string): SVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", kind);
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  if (words === "") svg.setAttribute("aria-hidden", "true");
  else {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", words);
  }
  const [first] = points;
  if (first === undefined) return svg;
  const from = first[0];
  const span = Math.max(1e-9, points[points.length - 1]![0] - from);
  const most = Math.max(1, ...points.map(([, count]) => count));
  const line = document.createElementNS(ns, "polyline");
  line.setAttribute("class", "curve");
  line.setAttribute("points", points.map(([x, count]) => `${((100 * (x - from)) / span).toFixed(2)},${(97 - (94 * count) / most).toFixed(2)}`).join(" "));
  svg.append(line);
  return svg;
}

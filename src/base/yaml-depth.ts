/**
 * Is a text of YAML (or JSON) nested so deeply that reading it may end the process? The parser calls itself for each
 * level, and where V8 compiles a regular expression with no stack left, it aborts instead of throwing (20,000 brackets
 * do that). A bound from above in one walk: brackets in texts and comments count, too, and nobody writes a thousand levels.
 */
export function isTooDeep(text: string): boolean {
  let open = 0;
  let inLine = 0;
  let indent = 0;
  let atStart = true;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x0a:
        inLine = indent = 0;
        atStart = true;
        continue;
      case 0x20:
        if (atStart && ++indent > MOST) return true;
        continue;
      case 0x5b: // [ {
      case 0x7b:
        if (++open > MOST) return true;
        break;
      case 0x5d: // ] }
      case 0x7d:
        open = Math.max(0, open - 1);
        break;
      case 0x2d: // - ? : in one line
      case 0x3f:
      case 0x3a:
        if (++inLine > MOST) return true;
    }
    atStart = false;
  }
  return false;
}

const MOST = 500;

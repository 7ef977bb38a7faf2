import { pageElement } from "../shared/page-element.js";
import { alignSteps } from "./alignment.js";
import { mountBeside } from "./beside-client.js";
import { mountPicture } from "./client.js";
import { lanePosition } from "./lane-position.js";
import { stepWords } from "./step-words.js";

/** What a page's script begins with: `mountPicture(root, run)` draws a run, `el` makes an element. Functions go into the page by their text. */
export const PICTURE_SCRIPT = `const el = ${pageElement.toString()};
const pictureTools = { el, alignSteps: ${alignSteps.toString()}, lanePosition: ${lanePosition.toString()}, mountBeside: ${mountBeside.toString()}, stepWords: ${stepWords.toString()} };
const drawPicture = ${mountPicture.toString()};
const mountPicture = (root, run) => drawPicture(root, run, pictureTools);`;

import { alignSteps } from "./alignment.js";
import { mountBeside } from "./beside-client.js";
import { mountPicture } from "./client.js";
import { lanePosition } from "./lane-position.js";

/** What a page's script begins with: `mountPicture(root, run)` draws a run. Functions go into the page by their text. */
export const PICTURE_SCRIPT = `const lanePosition = ${lanePosition.toString()};
const alignSteps = ${alignSteps.toString()};
const drawBeside = ${mountBeside.toString()};
const mountBeside = (root, picture, beside, go) => drawBeside(root, picture, beside, alignSteps, go);
const drawPicture = ${mountPicture.toString()};
const mountPicture = (root, run) => drawPicture(root, run, lanePosition, mountBeside);`;

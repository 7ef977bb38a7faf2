import { pageElement } from "../shared/page-element.js";
import { alignedPieces } from "./aligned-pieces.js";
import { alignSteps } from "./alignment.js";
import { mountBeside } from "./beside-client.js";
import { mountPicture } from "./client.js";
import { commonSteps } from "./common-steps.js";
import { mountControls } from "./controls-client.js";
import { showDetail } from "./detail-client.js";
import { lanePosition } from "./lane-position.js";
import { pictureKeys } from "./keys-client.js";
import { drawLanes } from "./lanes-client.js";
import { mountOther } from "./other-client.js";
import { pictureRows } from "./picture-rows.js";
import { pictureWords } from "./picture-words.js";
import { drawRow } from "./row-client.js";
import { rowWords } from "./row-words.js";
import { stepWords } from "./step-words.js";

const tools = { alignedPieces, alignSteps, commonSteps, drawLanes, drawRow, lanePosition, mountBeside, mountControls, mountOther, pictureKeys, pictureRows, pictureWords, rowWords, showDetail, stepWords };

/** What a page's script begins with: `mountPicture(root, run)` draws a run, `el` makes an element. Functions go into the page by their text. */
export const PICTURE_SCRIPT = `const el = ${pageElement.toString()};
const pictureTools = { el, ${Object.entries(tools).map(([name, tool]) => `${name}: ${tool.toString()}`).join(", ")} };
const drawPicture = ${mountPicture.toString()};
const mountPicture = (root, run) => drawPicture(root, run, pictureTools);`;

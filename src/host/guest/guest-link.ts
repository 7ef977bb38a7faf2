import { BOX, LAYOUT_FIELDS, type Layout } from "./guest-protocol.js";
import type { GuestMemory } from "./guest-memory.js";
import { GuestObjects } from "./guest-objects.js";

/** What the guest says of itself once control begins: where its box is, and where things lie in this Go version's structs. */
export class GuestLink {
  readonly box: number;
  readonly layout: Layout;
  readonly objects: GuestObjects;

  constructor(memory: GuestMemory, box: number) {
    const view = new DataView(memory.all().buffer);
    this.box = box;
    this.layout = Object.fromEntries(LAYOUT_FIELDS.map((field, index) => [field, view.getUint32(box + BOX.layout + 4 * index, true)])) as Layout;
    this.objects = new GuestObjects(memory, this.layout);
  }

  /** Where the memory that the runtime has taken ends. */
  break(): number {
    this.objects.refresh();
    return this.objects.word(this.layout.bloc) >>> 0;
  }
}

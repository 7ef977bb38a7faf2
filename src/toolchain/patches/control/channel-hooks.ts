import type { Patch } from "../../overlay/patch.js";
import { address, enter, PC, replace } from "./hook.js";

export function channelHooks(): readonly Patch[] {
  const chan = "runtime/chan.go";
  const select = "runtime/select.go";
  return [
    enter(chan, "chansend", `unparkPoint(unparkSend, ${address("c")}, unparkBlock(block), callerpc)`, "a send is visible"),
    enter(chan, "chanrecv", `unparkPoint(unparkRecv, ${address("c")}, unparkBlock(block), unparkPoller())`, "a receive is visible"),
    replace(chan, "selectnbrecv", "return chanrecv(", `unparkPolls = ${PC}\n\treturn chanrecv(`, "who polls: chanrecv is not told"),
    enter(chan, "closechan", `unparkPoint(unparkClose, ${address("c")}, 0, ${PC})`, "a close is visible"),
    enter(
      select,
      "selectgo",
      `unparkRoom()\n\tunparkPoint(unparkSelect, ${address("cas0")}, int32(nsends)|int32(nrecvs)<<15|unparkBlock(block)<<30, 0)`,
      "a select is visible; its cases lie on the stack, which must not move before the goroutine stops",
    ),
    replace(select, "selectgo", "cheaprandn(uint32(norder + 1))", "unparkSelectOrder(uint32(norder+1), i)", "the host chooses the case"),
    replace(
      select,
      "selectgo",
      "for _, casei := range pollorder {",
      "for _, casei := range unparkSelectPoll(pollorder) {",
      "when two selects meet, the first waits in the queues whatever else is ready",
    ),
    {
      file: chan,
      edit: { kind: "declare", text: "func unparkBlock(block bool) int32 {\n\tif block {\n\t\treturn 1\n\t}\n\treturn 0\n}\n" },
      why: "whether an operation may wait, as a number",
    },
  ];
}

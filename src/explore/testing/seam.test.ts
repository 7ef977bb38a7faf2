import { seamConformance, type SeamProgram } from "../../control/testing/seam-conformance.js";
import {
  load, lock, onRecv, random, recv, select, send, sleep, spawn, store, unlock, wgadd, wgwait, yields, type ModelProgramText, type Op,
} from "./model-operations.js";
import { ModelProgram } from "./model-program.js";

const [A, B] = [1, 2];
const polls: readonly Op[] = Array.from({ length: 20 }, () => load(A));

const PROGRAMS: Readonly<Record<SeamProgram, ModelProgramText>> = {
  meet: { channels: { [A]: 0 }, main: [spawn(send(A)), recv(A)] },
  buffer: { channels: { [A]: 2 }, main: [spawn(send(A)), recv(A)] },
  "select with default": { channels: { [A]: 0, [B]: 0 }, main: [spawn(send(A)), select([onRecv(A), onRecv(B)], true)] },
  "select without default": { channels: { [A]: 0, [B]: 0 }, main: [spawn(send(A)), spawn(send(B)), select([onRecv(A), onRecv(B)])] },
  locks: { main: [spawn(lock(A), unlock(A)), spawn(lock(A), unlock(A))] },
  "wait group": { main: [wgadd(A), spawn(wgadd(A, -1)), wgwait(A)] },
  "polls in turn": { main: [spawn(...polls), spawn(...polls)] },
  "polls until stored": { main: [spawn(...polls), spawn(store(B))] },
  yields: { main: [spawn(yields()), spawn(load(A))] },
  sleeps: { main: [spawn(sleep(1)), sleep(10)] },
  draws: { main: [random(3)] },
  deadlock: { channels: { [A]: 0 }, main: [recv(A)] },
  "left behind": { channels: { [A]: 0 }, main: [spawn(send(A))] },
  names: { channels: { [A]: 0 }, main: [spawn(spawn(send(A)), send(A)), spawn(spawn(send(A)), send(A))] },
};

seamConformance("a model program", (program) => new ModelProgram(PROGRAMS[program]));

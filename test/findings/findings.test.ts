// Programs of fixtures/findings under the real Go: what is found in each test, its cause, and the line it points at.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { unpark } from "../../src/cli/testing/command-line.js";
import { isNote, type Finding, type Step } from "../../src/model/finding/finding.js";

const root = new URL("../../../", import.meta.url);

interface Program {
  readonly name: string;
  readonly package: string;
  readonly outcome: string;
  readonly findings: readonly Finding[];
  readonly limits: readonly string[];
}

interface Explored {
  /** The exit code of the command, and whether it is right: of all that it explored. */
  readonly status: number | null;
  readonly isStatusRight: boolean;
  readonly programs: ReadonlyMap<string, Program>;
  readonly failures: readonly { readonly package: string; readonly test?: string; readonly message: string }[];
}

/** A bound in schedules: the budget is for a machine that others use, too, and no test comes near it. */
const LIMITS = ["--budget=120s", "--schedules=300"];
const NATURAL = ["--budget=120s", "--schedules=1"];

/** Those that are built and explored in one process, by its bounds: in the first nothing is to be found. */
const TOGETHER: readonly { readonly flags: readonly string[]; readonly folders: readonly string[] }[] = [
  { flags: LIMITS, folders: ["permissions", "processors"] },
  { flags: LIMITS, folders: ["stuck", "pipes", "locked", "coroutines", "caches", "signals", "introspection", "horizon", "inittimer", "stall", "stallalone", "afterend", "lateend", "ownclock", "afterfailure", "library", "bubbleends"] },
  { flags: NATURAL, folders: ["quiet", "until", "bubbles", "mapped"] },
  { flags: [...NATURAL, "-timeout=0"], folders: ["goeson", "cutoff"] }, // followed for as long as the clock goes
  { flags: LIMITS, folders: ["collector", "multicast"] }, // some of their tests cannot be explored
  { flags: [...LIMITS, "-skip=TestGoesRoundWithATimer"], folders: ["slowend"] }, // it has a test of its own below
  { flags: ["--budget=120s", "--schedules=6"], folders: ["endless"] }, // each schedule has up to 80,000 steps
];

async function explored(folder: string): Promise<Explored> {
  const { flags, folders } = TOGETHER.find((one) => one.folders.includes(folder))!;
  if (!known.has(folder)) for (const [name, of] of await explore(folders, flags)) known.set(name, of);
  return known.get(folder)!;
}

const known = new Map<string, Explored>();

async function explore(folders: readonly string[], flags: readonly string[]): Promise<ReadonlyMap<string, Explored>> {
  const argv = ["test", "--no-native", ...flags, "--json", ...folders.map((folder) => `./${folder}`)];
  const { stdout, stderr, status } = await unpark(argv, { cwd: fileURLToPath(new URL("fixtures/findings", root)) });
  assert.notEqual(stdout, "", stderr);
  const { programs, failures } = JSON.parse(stdout) as { readonly programs: readonly Program[] } & Pick<Explored, "failures">;
  const isStatusRight = status === (programs.some(({ findings }) => findings.some((one) => !isNote(one))) ? 1 : 0);
  const isOf = (folder: string) => (one: { readonly package: string }) => one.package.endsWith(`/findings/${folder}`);
  return new Map(folders.map((folder) => [folder, { status, isStatusRight, failures: failures.filter(isOf(folder)), programs: new Map(programs.filter(isOf(folder)).map((program) => [program.name, program])) }]));
}

async function replayed(folder: string, name: string, { schedule }: Finding): Promise<Program> {
  const argv = ["replay", "--json", schedule!, `--test=${name}`, `./${folder}`];
  const { stdout, stderr } = await unpark(argv, { cwd: fileURLToPath(new URL("fixtures/findings", root)) });
  assert.notEqual(stdout, "", stderr);
  return (JSON.parse(stdout) as { readonly programs: readonly [Program] }).programs[0];
}

/** `leaked unknown 12`; notes in brackets. */
const said = ({ verdict, cause, blocked, needsStall }: Finding): string => `${verdict} ${cause} ${blocked.line}${needsStall ? " stall" : ""}`;

const TABLE: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  stuck: {
    TestSignalBeforeWait: ["stuck cond-never-signalled 23"],
    TestMissedMeeting: ["stuck send-without-receiver 41"],
    TestPoolKeepsOne: ["lingering receive-without-sender 64", "lingering receive-without-sender 64"],
    TestListener: ["lingering range-never-closed 91"],
    TestFailsBeforeClose: ["flaky unknown 120", "lingering early-return 115"],
  },
  pipes: {
    TestPrintsTooMuch: ["deadlock no-timeout 27"],
    TestPrintsMuch: [],
    TestNeverClosed: ["waiting-outside no-timeout 55"],
    TestDropped: [],
    TestUnread: ["lingering no-timeout 219"],
    TestClosed: [],
  },
  locked: {
    TestLockedOut: ["deadlock no-timeout 26"],
    TestLeftWaiting: ["waiting-outside no-timeout 26"],
    TestLetIn: [],
  },
  coroutines: {
    TestNotStopped: ["leaked resource-not-closed 12"],
    TestNotBegun: ["leaked resource-not-closed 34"],
    TestPairsNotStopped: ["leaked resource-not-closed 20"],
    TestPullerWaitsWithIt: ["leaked receive-without-sender 46"],
    TestStopped: [],
    TestStoppedAtOnce: [],
    TestPulledToItsEnd: [],
    TestHeld: ["lingering resource-not-closed 12"],
    TestPulledLater: [],
    TestChain: ["leaked resource-not-closed 99", "leaked resource-not-closed 12"],
  },
  caches: {
    TestPoolOfItsOwner: ["leaked receive-without-sender 27"],
    TestLiesInThePackagesPool: ["leaked receive-without-sender 27"],
    TestStoppedTimer: ["leaked receive-without-sender 27"],
    TestCancelledDeadline: ["leaked receive-without-sender 27"],
    TestFinalizerOfItsOwner: ["leaked receive-without-sender 27"],
    TestFinalizerThatDoesNotHelp: ["leaked receive-without-sender 27"],
    TestFinalizerThatHelps: [],
    TestCleanupOfItsOwner: ["leaked receive-without-sender 94"],
    TestCleanupThatHelps: [],
    TestWeakAndUnique: ["leaked receive-without-sender 27"],
    TestPrintedAndReflected: ["leaked receive-without-sender 27"],
    TestCleanupsOfTheTest: ["leaked receive-without-sender 27"],
    TestSubtests: ["leaked receive-without-sender 27"],
    TestContextOfTheTest: ["leaked receive-without-sender 27"],
    TestUsedChannelsAndDefers: ["leaked receive-without-sender 27"],
    TestPanicked: ["leaked receive-without-sender 27"],
    TestIterators: ["leaked receive-without-sender 27"],
    TestDeadVariable: ["leaked receive-without-sender 202", "runaway loop-without-exit 199"],
    TestDeleted: ["leaked receive-without-sender 27"],
    TestHeldByAVariable: ["lingering receive-without-sender 27"],
    TestTimerThatFires: [],
    TestOtherWaitsBehindAPool: ["leaked mutex-never-unlocked 248", "leaked waitgroup-mismatch 249", "leaked mutex-never-unlocked 250"],
  },
  permissions: { TestModesAreKept: [], TestRootFolder: [], TestRefused: [] },
  signals: { TestIsTold: [], TestEndsAContext: [], TestIgnored: [], TestMayBeLate: ["leaked early-return 57"] },
  processors: { TestOneHelpsTheOther: [], TestNumbers: [] },
  introspection: {
    TestStates: ["flaky unknown 89 stall"],
    TestProfiles: ["flaky unknown 103 stall"],
    TestRunnableIsNotBlocked: [],
    TestNilAndEmpty: [],
    TestLabels: [],
    TestPanicsTrace: [],
    TestWhoAndWhere: [],
    TestStreams: [],
    TestExecutable: [],
  },
  horizon: {
    TestDailyTicker: ["runaway never-stopped 23"],
    TestMonth: [],
    TestOneAfterTheOther: ["leaked send-without-receiver 49"],
    TestDeadline: [],
    TestWaitsForHours: [],
    TestNever: ["lingering unknown 23"],
    TestFastAndSlow: ["runaway never-stopped 23"],
    TestStartsOneEachTime: ["runaway loop-without-exit 84"],
    TestLeavesOneEachTime: ["leaked receive-without-sender 96", "runaway loop-without-exit 95"],
  },
  inittimer: {
    TestAsks: [],
    TestAsksTwice: [],
    TestTicks: [],
  },
  endless: {
    TestDoneContext: ["runaway loop-without-exit 19"],
    TestLocksOnTheWay: ["runaway loop-without-exit 36"],
    TestTwoInTurn: ["runaway loop-without-exit 51"],
    TestPollsAFlag: ["runaway never-stopped 61"],
    TestStartsOthers: ["runaway loop-without-exit 73"],
    TestCounts: [],
    TestDrains: [],
    TestCountsLooks: [],
    TestCountsInAnObject: [],
    TestWaitsForWhoCounts: [],
    TestManyCancelledContexts: [],
    TestCountsAfterTheTest: [],
    TestCountsReceives: [],
    TestManyClosedByOthers: [],
    TestAcceptsOfAClosedListener: ["runaway loop-without-exit 195"],
  },
  cutoff: {
    TestBesideALoop: ["deadlock receive-without-sender 21"],
    TestBesideATicker: ["deadlock send-without-receiver 34"],
    TestBesideALeak: ["deadlock receive-without-sender 44", "leaked send-without-receiver 43"],
    TestUntilATimer: ["runaway loop-without-exit 14"], // the test ends, and the loop goes on
    TestUntilASleeper: ["lingering unknown 14"],
    TestUntilTheLoop: [],
    TestHeld: [],
  },
  slowend: {
    TestStoppedByAFunc: [],
    TestStoppedBySleeper: [],
    TestStoppedByPoller: [],
    TestFastAndSlow: ["runaway never-stopped 16", "runaway never-stopped 16"],
    TestCloseGivesUp: [],
    TestDeadlineInTheSelect: [],
    TestUntilTheClockSays: [],
    TestBothAreReady: [],
    TestGivesUp: [],
    TestGivesUpBeside: ["lingering unknown 23", "runaway loop-without-exit 36"],
    TestRandomDelays: ["runaway loop-without-exit 45"],
    TestAsksAHundredTimes: [],
    TestAsksBeside: ["runaway never-stopped 16"],
  },
  stall: {
    TestAsk: ["leaked early-return 17 stall"],
    TestMinutes: ["leaked early-return 17 stall"],
    TestHour: ["leaked early-return 17 stall"],
    TestHourOrSecond: ["leaked early-return 17 stall"],
    TestFails: ["flaky unknown 35 stall"],
    TestPanics: ["panics unknown 43 stall"],
    TestOwnSend: ["leaked early-return 50 stall"],
    TestOwnSendAlways: ["leaked early-return 60"],
    TestHelper: ["leaked early-return 70 stall"],
    TestLogsOften: ["flaky unknown 92 stall"],
    TestLooksForASender: ["flaky unknown 108 stall"],
  },
  afterend: {
    TestLogs: ["panics unknown 11"],
    TestLogsInSubtest: ["panics unknown 17"],
    TestParentTakesTheLine: [],
    TestLogsALittleLater: ["panics unknown 37 stall"],
    TestLogsWhenTimeHasPassed: ["panics unknown 45"],
  },
};

for (const [folder, tests] of Object.entries(TABLE)) {
  test(`findings of ${folder}`, async () => {
    const { isStatusRight, programs } = await explored(folder);
    const got = Object.fromEntries([...programs].map(([name, { findings }]) => [name, findings.map(said).sort()]));
    assert.deepEqual(got, Object.fromEntries(Object.entries(tests).map(([name, all]) => [name, [...all].sort()])));
    for (const { findings, limits } of programs.values()) {
      for (const { verdict, blocked } of findings) assert.ok(!limits.some((words) => words.includes(`${verdict} at ${blocked.file}:${blocked.line}`)), limits.join("\n"));
    }
    assert.ok(isStatusRight);
  });
}

// What passes natively on a machine that is not busy passes in the natural schedule.
for (const [folder, what] of [
  ["quiet", "who came first is served first, a select that waits takes what let it go on"],
  ["until", "work goes on until a timer ends it, which is not before as many steps as it has microseconds"],
  ["bubbles", "a timer that is due by its bubble's clock is run when its channel is looked at"],
  ["mapped", "files in memory have what is written to them, and advisory locks exclude"],
] as const) {
  test(`the natural schedule of ${folder}: ${what}`, async () => {
    const { status, programs } = await explored(folder);
    assert.deepEqual([...programs].map(([name, { outcome, findings }]) => [name, outcome, findings.map(said)]), [...programs.keys()].map((name) => [name, "passed", []]));
    assert.ok(programs.size >= 5);
    assert.equal(status, 0);
  });
}

test("what goes wrong once time has passed since the test's end is a note: natively the process has ended", async () => {
  const { programs } = await explored("lateend");
  const told = [...programs].map(([name, { outcome, findings }]) => [name, outcome, findings.filter((one) => !isNote(one)).map(said), findings.filter(isNote).map(said)]);
  assert.deepEqual(told, [
    ["TestPanicsLater", "passed", [], ["panics unknown 17", "panics unknown 20 stall"]],
    ["TestExitsLater", "passed", [], []],
    ["TestFails", "failed", [], ["panics unknown 29 stall"]],
    ["TestPanicsAtOnce", "panic", ["panics unknown 39"], []],
  ]);
});

test("what goes on and on after its test has ended is cut off: the test has passed, or failed, all the same", async () => {
  const { programs } = await explored("goeson");
  assert.deepEqual([...programs].map(([name, { outcome }]) => [name, outcome]), [["TestPublishes", "passed"], ["TestPublishesAndFails", "failed"]]);
  assert.match(programs.get("TestPublishes")!.limits.join(" "), /^what it has started goes on and on after its end/);
});

test("who waits for plain memory is no runaway: it is held until others have gone on, or left without a verdict", async () => {
  // The first takes the whole of its budget, whatever that is.
  const natural = async (...flags: readonly string[]) => (await explore(["plainwait"], [...flags, "--schedules=1"])).get("plainwait")!;
  const first = await natural("--budget=1500ms", "-run=TestFromTheStart");
  const second = await natural("--budget=120s", "-run=TestBehindAStep");
  const programs = new Map([...first.programs, ...second.programs]);
  const told = [...programs].map(([name, { outcome, findings }]) => [name, outcome, findings.map(said)]);
  assert.deepEqual(told, [["TestFromTheStart", "no verdict", []], ["TestBehindAStep", "passed", []]]);
});

// Each schedule has a hundred thousand steps, and the natural one needs no stall; UNPARK_EFFORT=3 tries four, which comes to the same.
test("a loop of a hundred thousand steps for each schedule: no stall is needed, however long it takes", async () => {
  const schedules = Number(process.env["UNPARK_EFFORT"] ?? 1) >= 3 ? 4 : 1;
  const { programs } = (await explore(["slowend"], ["--budget=900s", `--schedules=${schedules}`, "-run=TestGoesRoundWithATimer"])).get("slowend")!;
  assert.deepEqual(programs.get("TestGoesRoundWithATimer")!.findings.map(said), ["runaway loop-without-exit 149"]);
});

test("only on a machine that stalls: the code under test is still to blame, the test's own is not", async () => {
  const { programs } = await explored("stall");
  const notes = [...programs].flatMap(([name, { findings }]) => (findings.some((one) => !isNote(one)) ? [] : [name]));
  assert.deepEqual(notes, ["TestHour", "TestFails", "TestPanics", "TestOwnSend", "TestHelper", "TestLogsOften", "TestLooksForASender"]);
  const long = [...programs].flatMap(([name, { findings }]) => findings.map((one) => `${name} ${one.verdict}${one.needsStall ? " stall" : ""}${one.needsLongStall ? " long" : ""}`));
  assert.deepEqual(long.filter((text) => /Minutes|Hour/.test(text)), ["TestMinutes leaked stall", "TestHour leaked stall long", "TestHourOrSecond leaked stall"]);
  const alone = [...(await explored("stallalone")).programs].flatMap(([name, { findings }]) => findings.map((one) => `${name} ${said(one)} ${isNote(one) ? "note" : "finding"}`));
  assert.deepEqual(alone, ["TestAsk leaked early-return 11 stall finding", "TestOwnSend leaked early-return 24 stall note"]);
});

test("an assertion helper with a clock of its own: looks in straight code are no polling, so a time-out beside them is a stall; no empty message", async () => {
  const { status, programs } = await explored("ownclock");
  const all = [...programs].flatMap(([name, { findings }]) => findings.map((one) => `${name} ${said(one)}: ${one.message ?? "-"}`));
  assert.deepEqual(all, [
    "TestEventuallyReadsCounters flaky unknown 79 stall: Condition never satisfied",
    "TestEventuallyLooksUp flaky unknown 88 stall: Condition never satisfied",
    "TestPollWaitsForALook flaky unknown 99 stall: Timed out after 1s.",
    "TestEventuallyNeverTrue flaky unknown 113: Timed out after 1s.",
    "TestSaysNothing flaky unknown 134 stall: -",
  ]);
  assert.deepEqual([...programs.values()].map(({ outcome }) => outcome), Array(6).fill("passed"));
  assert.equal(status, 1);
});

test("a replay alone says stuck, too: a schedule in which the goroutine ends is near", async () => {
  for (const [name, { findings }] of (await explored("stuck")).programs) for (const one of findings.filter(({ verdict }) => verdict === "stuck")) {
    assert.deepEqual((await replayed("stuck", name, one)).findings.map(said), [said(one)], name);
  }
});

test("after a failed assertion: a note where the failure is what leaves it behind, on a machine that stalls", async () => {
  const { programs } = await explored("afterfailure");
  const all = [...programs].flatMap(([name, { findings }]) =>
    findings.map((one) => `${name} ${said(one)}${one.afterFailure ? " after" : ""}${one.leftOut ? " left" : ""} ${isNote(one) ? "note" : "finding"}`));
  assert.deepEqual(all, [
    "TestCancelsAtItsEnd flaky unknown 13 stall note",
    "TestCancelsAtItsEnd leaked missing-cancel 12 stall after left note",
    "TestCancelsNever leaked missing-cancel 12 finding",
    "TestCancelsNever flaky unknown 22 stall note",
    "TestStopsAtItsEnd flaky unknown 37 stall note",
    "TestStopsAtItsEnd leaked range-never-closed 26 stall left note",
    "TestStopsThroughAnother flaky unknown 45 stall note",
    "TestStopsThroughAnother leaked early-return 35 stall left note",
    "TestStaged flaky unknown 53 stall note",
    "TestStaged leaked early-return 43 stall finding",
    "TestGoesOn flaky unknown 62 stall note",
    "TestGoesOn leaked early-return 43 stall finding",
    "TestOpenFails flaky unknown 73 stall note",
    "TestOpenFails leaked range-never-closed 26 stall finding",
    "TestOpensTwo flaky unknown 84 stall note",
    "TestOpensTwo leaked range-never-closed 26 stall finding",
    "TestHandsOn flaky unknown 104 stall note",
    "TestHandsOn leaked receive-without-sender 56 stall left note",
    "TestDeferredClose deadlock blocking-defer 37 stall after note",
    "TestDeferredShutdown flaky unknown 37 stall note",
    "TestDeferredShutdown leaked send-without-receiver 45 stall after note",
    "TestAnswer flaky unknown 44 stall note",
    "TestAnswer leaked early-return 52 stall finding",
    "TestForgets deadlock select-without-cases 65 stall finding",
    "TestFailsByOrder deadlock blocking-defer 37 after finding",
    "TestBeside leaked select-without-cases 93 finding",
    "TestBeside flaky unknown 88 stall note",
    "TestDropsWhatItGot deadlock waitgroup-mismatch 105 stall after note",
    "TestMockRefuses flaky unknown 122 stall note",
    "TestMockRefuses leaked early-return 76 stall after note",
    "TestNoMock leaked select-without-cases 65 finding",
    "TestNoMock flaky unknown 140 stall note",
    "TestGivesUp flaky unknown 153 stall note",
    "TestGivesUp leaked early-return 88 stall after left note",
    "TestGivesUpBeside flaky unknown 166 stall note",
    "TestGivesUpBeside leaked early-return 52 stall finding",
  ]);
  // A replay tells of each what the exploration told, by itself.
  for (const [name, { findings }] of programs) for (const one of findings.filter(({ verdict, afterFailure, leftOut }) => verdict === "leaked" && (afterFailure || leftOut))) {
    const again = await replayed("afterfailure", name, one);
    assert.deepEqual(again.findings.filter(({ verdict }) => verdict === "leaked").map((two) => `${said(two)} ${two.afterFailure} ${two.leftOut} ${isNote(two)}`), [`${said(one)} ${one.afterFailure} ${one.leftOut} true`], name);
  }
});

test("who asks for a collection gets one; who waits for another is left to the native run: no deadlock, no failure; a finalizer that wakes nobody changes nothing; a loop that asks a weak pointer is no runaway", async () => {
  const { programs, failures } = await explored("collector");
  assert.deepEqual([...programs].map(([name, { outcome, findings }]) => [name, outcome, findings.map(said)]), [
    ["TestClosedByFinalizer", "passed", []],
    ["TestDeadlockBeside", "deadlock", ["deadlock receive-without-sender 56"]],
    ["TestPolls", "passed", []],
    ["TestTicksForAnObject", "passed", ["lingering unknown 77"]],
    ["TestTicksForEver", "passed", ["runaway loop-without-exit 88"]],
    ["TestSpins", "passed", []],
    ["TestOneAfterTheOther", "passed", []],
    ["TestCollects", "passed", ["leaked receive-without-sender 145"]],
    ["TestMuch", "passed", []],
    ["TestAskedAndWaits", "passed", ["lingering receive-without-sender 168"]],
  ]);
  const evidence = (name: string): string => programs.get(name)!.findings[0]!.evidence.join(" ");
  assert.match(evidence("TestTicksForAnObject"), /asks a weak pointer/);
  assert.doesNotMatch(evidence("TestAskedAndWaits"), /weak pointer/);
  assert.deepEqual(failures.map(({ test, message }) => `${test}: ${message.split("It ")[1]}`), [
    ...["TestCountsFinalizers", "TestThroughAWorker"].map((name) => `${name}: waits for a finalizer or a cleanup, and nothing is collected under control unless it asks for that`),
    ...["TestWantsMore"].map((name) => `${name}: asks the runtime to collect (runtime.GC), and nothing else is collected while it is controlled`),
  ]);
});

test("who joins a multicast group and fails is left to the native run, whatever the test says", async () => {
  const { programs, failures } = await explored("multicast");
  assert.deepEqual([[...programs], failures.map(({ test: name, message }) => `${name}: ${message.split("It ")[1]}`)], [[], ["TestHears: joins a multicast group (net.ListenMulticastUDP), and the network under control has none"]]);
});

test("stuck: both schedules, the first step at which they part, and the same steps before it", async () => {
  const [found] = (await explored("stuck")).programs.get("TestMissedMeeting")!.findings;
  const { contrast, steps = [] } = found!;
  assert.ok(contrast);
  const before = (list: readonly { readonly number?: number; readonly text: string }[]): readonly string[] =>
    list.flatMap(({ number, text }) => (number === undefined || number >= contrast.partsAt ? [] : [`${number} ${text}`]));
  assert.deepEqual(before(contrast.steps), before(steps));
  const step = ({ goroutine, text }: Step): string => `${goroutine} ${text}`;
  assert.notEqual(step(contrast.here), step(contrast.there));
  assert.deepEqual([contrast.here.number, contrast.there.number], [contrast.partsAt, contrast.partsAt]);
  assert.ok(contrast.steps.some(({ goroutine, text }) => goroutine === "1.1.1" && text === "ends"));
});

test("a library's go statement: the call in the user's code that led there is named; also through goroutines of the library's", async () => {
  const { programs } = await explored("library");
  const at = ({ file, line }: { readonly file: string; readonly line: number }): string => `${file.split("/").at(-1)}:${line}`;
  const all = [...programs].flatMap(([name, { findings }]) =>
    findings.filter(({ verdict }) => verdict === "leaked").map((one) => `${name} ${one.verdict} ${one.cause}, by ${at(one.createdBy!).replace(/^(?!library).*:\d+$/, "Go")}, called at ${one.calledFrom === undefined ? "-" : at(one.calledFrom)}`));
  assert.deepEqual(all, [
    "TestOpened leaked resource-not-closed, by Go, called at library_test.go:32",
    "TestRows leaked resource-not-closed, by Go, called at library_test.go:47",
    "TestTx leaked resource-not-closed, by Go, called at library_test.go:56",
    "TestBody leaked resource-not-closed, by Go, called at library_test.go:81",
    "TestAfterFunc leaked send-without-receiver, by Go, called at library_test.go:90",
    "TestWaitGroup leaked send-without-receiver, by library_test.go:115, called at -",
  ]);
  const second = programs.get("TestSecondConnection")!.findings;
  assert.deepEqual(second.map(({ verdict, cause, evidence }) => [verdict, cause, evidence[1]]), [["deadlock", "resource-not-closed", "the Tx that was begun at library_test.go:105 has one"]]);
  const [opened] = programs.get("TestOpened")!.findings;
  assert.ok(opened!.steps!.some(({ text, line }) => text.startsWith("starts goroutine") && line === 32), "and so does the step that starts it");
});

test("a bubble that the runtime ends: who is blocked in it is named", async () => {
  const { programs } = await explored("bubbleends");
  const all = Object.fromEntries([...programs].map(([name, { findings }]) => [name, findings.flatMap(({ verdict, evidence }) => [verdict, ...evidence])]));
  assert.deepEqual(all, {
    TestLeavesSender: ["panics", "1 goroutine is blocked in the bubble in bubbleends.TestLeavesSender.func1.1 (chan send at bubbleends_test.go:15, started at bubbleends_test.go:15), and nobody outside can wake it"],
    TestAllBlocked: [
      "panics",
      "1 goroutine is blocked in the bubble in bubbleends.TestAllBlocked.func1 (sync.WaitGroup.Wait at bubbleends_test.go:27), and nobody outside can wake it",
      "6 goroutines are blocked in the bubble in bubbleends.TestAllBlocked.func1.1 (chan receive at bubbleends_test.go:25), and nobody outside can wake them",
    ],
    TestEnds: [],
    TestPanics: ["panics"],
  });
});

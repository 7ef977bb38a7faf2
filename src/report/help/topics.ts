/** What `unpark help TOPIC` prints: half a screen each, in words that the reports use. */
interface HelpTopic {
  readonly name: string;
  /** One line for the list. */
  readonly summary: string;
  readonly text: string;
}

export const HELP_TOPICS: readonly HelpTopic[] = [
  {
    name: "verdicts",
    summary: "leaked, stuck, lingering and the others: what each says",
    text: `leaked           nothing can ever wake these goroutines: proved by the runtime's collector (Go 1.26)
deadlock         all goroutines that are left wait for one another: proved
abandoned        blocked for ever as far as can be seen (before Go 1.26, or natively with --deep)
stuck            still waits when its test is over, and ended in other schedules of the same test
runaway          goes round for ever and does nothing
panics, flaky    a schedule in which it panics, or in which the test fails
waiting-outside  waits for a connection or a signal that only the outside could send
grows            of TypeScript: each repetition leaves something behind
Notes, which do not fail unless --strict says so:
lingering        something that can still run refers to what it waits for
cut-short        the run ended before it was over: no verdict (a note with --strict, too)
A test that fails or leaks only on a machine that stalls is a note, too. Another severity for a
verdict: 'severity:' in .unpark.yaml (unpark help config).
`,
  },
  {
    name: "proofs",
    summary: "what 'proved' and 'explored completely' promise, and what they do not",
    text: `A finding that is proved can never go on: no goroutine that can still run, no timer and no
variable reaches what it waits for. The schedule that leads there is replayed before it is reported.

'explored completely (N schedules)' says that every schedule that differs was tried, within the
bounds in the last line. Then 'No leak.' is a proof for that test as it is written.
'the budget ended (--budget)' is none: 'No leak found, but not all schedules were tried'.

Not seen: races on plain variables between two operations (go test -race), cgo, other
processes, real networks. Where a data race is seen, nothing is called complete.
`,
  },
  {
    name: "schedules",
    summary: "what a schedule is, how they are chosen, and how one is replayed",
    text: `A schedule is the list of all choices that fixes one run: who goes on, which case of a select,
when the clock moves, what may fail. It prints as 'u1 1.1*4 1 …'.

The natural schedule is what an idle machine does, and is tried first. After it come random
ones, and those that differ, each once. --strategy chooses one way alone, --seed other random
numbers, --preemptions bounds the systematic search.

  unpark replay report.json             the first finding of a report again, step by step
  unpark replay --finding 2 --web report.json
  unpark replay 'u1 1.1 @ 1' ./cmd/thing
`,
  },
  {
    name: "budget",
    summary: "how long it takes, and what to raise or lower",
    text: `Each test gets at most --budget of real time (3s; 10s for unpark run), replays included. One
that is explored completely ends earlier. Packages may have their own in .unpark.yaml.

  --total 10m      for the whole command: shared where it finds most, the rest is named
  --schedules N    at most so many of each test
  --workers N      threads (one for each core)
  -failfast        end at the first finding
  --further        go on where an earlier run stopped (for nights)
Results are kept: a test whose build is the same is '(cached)', a complete one for ever, another
for budgets up to the one that was spent. --no-cache explores everything anew.
What will be slow here, and why: unpark doctor
`,
  },
  {
    name: "ci",
    summary: "exit codes, reports, baselines, pull requests, several machines",
    text: `Exit code 0: clean, 1: findings or failed tests, 2: could not be done, or no verdict at all.

  unpark test --strict --baseline ./...          what is there is accepted, what is new fails
  unpark test --changed origin/main ./...        only packages whose tests are built anew
  unpark test --shard 1/4 --json=1.json ./...    and then: unpark merge 1.json 2.json 3.json 4.json
  unpark test --sarif=unpark.sarif --junit=unpark.xml --markdown=unpark.md ./...
  unpark test -json ./...                        events, for gotestsum
Keep the folder of the cache (~/.cache/unpark) and Go's own from job to job.
GitHub: action.yml of the repository. GitLab: --gitlab=gl-code-quality-report.json
`,
  },
  {
    name: "config",
    summary: ".unpark.yaml: flags, packages, severities, what is skipped or ignored",
    text: `  budget: 5s                     # a flag at the top, for each command that has it
  test: { junit: unpark.xml }    # a flag of one command
  packages:
    - { match: ./server/..., budget: 30s, faults: 1 }
  severity: { lingering: error, flaky: note }    # error, note, off
  skip:
    - { test: TestDocker*, reason: needs a daemon }
  ignore:
    - { function: example.com/pool.*, reason: lives as long as the process, expires: 2027-03-31 }
The nearest file from here up to go.mod or .git holds; a flag on the command line goes before it.
In the source: //unpark:ignore <reason> beside a go statement.

  unpark config             what is in force, and which line says so
  unpark config --schema    the JSON schema, for editors
`,
  },
  {
    name: "faults",
    summary: "--faults N: refused connections, short reads, full disks",
    text: `With --faults N at most N things go wrong in a run that need not: a dial is refused, times out or
finds a silent peer; a connection is reset or cut short; a read is short; a file cannot be
opened, finds no space, or fails on its close. Each is a choice of the schedule: recorded,
replayed, left out where the finding does not need it, and told as a step.

  unpark test --faults 1 ./client
What such a finding says is true of the code: somebody has to answer for an error. A test that
only fails because its connection was refused is none.
`,
  },
  {
    name: "native",
    summary: "go test itself, once, at full speed, and who left goroutines behind",
    text: `  unpark test --native ./...               your tests as they are; words with one dash are go test's
  unpark test --native --stress=200 .      again and again, with delays where goroutines meet
  eval "$(unpark env)"                     from now on any go test does it: gotestsum, make, editors
Each goroutine that outlives its test is blamed on the test that started it. From Go 1.26 what is
leaked is proved; before, it is a note. --deep proves more, and builds the standard library once
more. unpark test runs this pass beside the exploration (--no-native leaves it out).
`,
  },
];

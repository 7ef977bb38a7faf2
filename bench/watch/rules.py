"""Which rule tells a leak from load best: today's, the one before, Mann-Kendall's test (pymannkendall) with Theil-Sen's slope (scipy), and the last
piece after PELT's change points (ruptures). Precision and recall with Wilson's intervals.

node dist/bench/watch/rules-data.js > FILE; python3 bench/watch/rules.py FILE > bench/watch/rules.txt
pip install numpy==2.2.6 scipy==1.15.3 ruptures==1.1.9 pymannkendall==1.4.3
"""
import json
import math
import platform
import sys
from collections import defaultdict

import numpy as np
import pymannkendall
import ruptures
import scipy
from scipy.stats import theilslopes

WINDOWS = (60, 120, 240)
EVERY = 20  # samples between two questions
ALPHA = 0.001


def enough(first, rise):
    return rise >= max(10, 0.1 * max(first, 0))


def mann_kendall(test):
    def rule(window):
        if test(window, alpha=ALPHA).trend != "increasing":
            return False
        slope, intercept = theilslopes(window)[:2]
        return enough(intercept, slope * (len(window) - 1))
    return rule


def minima(window):
    """Mann-Kendall over the least of each of twelve blocks: load trembles above its floor."""
    least = window.reshape(12, -1).min(axis=1)
    if pymannkendall.original_test(least, alpha=ALPHA).trend != "increasing":
        return False
    slope, intercept = theilslopes(least)[:2]
    return enough(intercept, slope * 11)


def pelt(window):
    """The last piece between change points of the level's slope: long enough, and rising."""
    steps = np.diff(window)
    scale = steps.std() or 1.0
    ends = ruptures.Pelt(model="l2", min_size=10, jump=5).fit(steps / scale).predict(pen=3 * math.log(len(steps)))
    begin = ends[-2] if len(ends) > 1 else 0
    last = window[begin:]
    if len(last) < len(window) / 2:
        return False
    slope, intercept = theilslopes(last)[:2]
    return slope > 0 and enough(intercept, slope * (len(last) - 1)) and pymannkendall.original_test(last, alpha=ALPHA).trend == "increasing"


LIBRARY = {
    "Mann-Kendall and Theil-Sen": mann_kendall(pymannkendall.original_test),
    "the same, for autocorrelation (Hamed-Rao)": mann_kendall(pymannkendall.hamed_rao_modification_test),
    "Mann-Kendall on the least of blocks": minima,
    "PELT, then its last piece": pelt,
}


def first_alarm(rule, counts, window):
    for end in range(window, len(counts) + 1, EVERY):
        part = counts[end - window:end]
        if enough(np.median(part[:5]), np.median(part[-5:]) - np.median(part[:5])) and rule(part):
            return end
    return None


def wilson(right, n, z=1.96):
    if n == 0:
        return "none"
    p = right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{100 * p:.0f} % [{100 * (middle - half):.0f}, {100 * (middle + half):.0f}]"


def main():
    series = [json.loads(line) for line in open(sys.argv[1], encoding="utf8")]
    sets = list(dict.fromkeys(one["set"] for one in series))
    print(f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, ruptures {ruptures.__version__}, pymannkendall {pymannkendall.__version__}")
    print(f"A series is asked about at every 10th sample (rules in TypeScript) or {EVERY}th (libraries) from the window on; one alarm is an alarm. alpha = {ALPHA}.")
    print("A rise of less than 10, or of less than a tenth, is none for any rule. [ ]: Wilson, 95 %.")
    told = defaultdict(dict)
    for i, one in enumerate(series):
        counts = np.array(one["counts"], dtype=float)
        for rule, at in one["told"].items():
            told[rule][i] = at
        for name, rule in LIBRARY.items():
            for window in WINDOWS:
                told[f"{name} {window}"][i] = first_alarm(rule, counts, window)
        if i % 50 == 0:
            print(f"{i} of {len(series)}", file=sys.stderr)
    for chosen in sets:
        mine = [i for i, one in enumerate(series) if one["set"] == chosen]
        leaks = [i for i in mine if series[i]["leaks"]]
        print(f"\n{chosen}: {len(leaks)} series that leak, {len(mine) - len(leaks)} that do not")
        print("| rule, window in samples | precision | recall | false alarms | first alarm, median sample |\n|---|---|---|---|---|")
        for rule, alarms in told.items():
            hits = [alarms[i] for i in leaks if alarms[i] is not None]
            wrong = sum(alarms[i] is not None for i in mine if not series[i]["leaks"])
            middle = sorted(hits)[len(hits) // 2] if hits else ""
            print(f"| {rule} | {wilson(len(hits), len(hits) + wrong)} | {wilson(len(hits), len(leaks))} | {wrong} of {len(mine) - len(leaks)} | {middle} |")
    if len(sys.argv) > 2:
        for rule in sys.argv[2:]:
            print(f"\n{rule}: what it gets wrong")
            wrong = defaultdict(int)
            for i, one in enumerate(series):
                if (told[rule][i] is not None) != one["leaks"]:
                    wrong[(one["set"], one["name"], one["leaks"])] += 1
            for (chosen, name, leak), count in sorted(wrong.items()):
                print(f"| {chosen} | {name} | {'missed' if leak else 'false alarm'} | {count} |")


main()

#!/usr/bin/env python3
"""Compares our secret detectors with gitleaks on fixtures made from gitleaks's own rules, and on clean files.

    secrets_side_by_side.py GITLEAKS RULES.toml OURS [CLEAN_FILE…]

GITLEAKS: the program (8.30); RULES.toml: its config/gitleaks.toml; OURS: the built example `secrets`. Needs rstr (PyPI).
For each rule, strings that its regular expression matches are made by chance; those that gitleaks itself reports (its
entropy and allow lists refuse some) are the fixtures. Printed: for each rule how many fixtures there are and how many we
find on the same line, then every line of the clean files that only one of the two reports. No fixture is kept.
"""
import collections
import json
import random
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import rstr

SAMPLES = 12


def gitleaks(program, path, report):
    subprocess.run([program, "dir", "--no-banner", "-l", "error", "--exit-code", "0", "--max-decode-depth", "0",
                    "-f", "json", "-r", report, path], check=True)
    return json.loads(Path(report).read_text() or "[]")


def ours(program, paths):
    output = subprocess.run([program, *paths], check=True, capture_output=True, text=True).stdout
    found = collections.defaultdict(set)
    for line in output.splitlines():
        path, first, last, rule = line.split("\t")
        for number in range(int(first), int(last) + 1):
            found[(path, number)].add(rule)
    return found


def sample(maker, pattern):
    # Python knows neither inline flags in the middle nor \\z; a name before the value makes the rule's context.
    pattern = re.sub(r"\(\?-?[is]+\)", "", pattern)
    pattern = re.sub(r"\(\?-?[is]+:", "(?:", pattern)
    pattern = pattern.replace(r"\z", "$").replace("[[:alnum:]]", "[a-zA-Z0-9]")
    # As people write them: the provider's name opens a variable, a sign follows, quotes or none.
    for syntax, written in (
        (r"[\w.-]{0,50}?", ""),
        (r"""(?:[ \t\w.-]{0,20})[\s'"]{0,3}""", r'(?:_KEY|_TOKEN|_SECRET|\.key|-api-key| token|)"?'),
        (r"(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)", "(?:=|: ?|:=|=>| = )"),
        (r"""[\x60'"\s=]{0,5}""", """['"]?"""),
        (r"""(?:[\x60'"\s;]|\\[nr]|$)""", """['";]?"""),
    ):
        pattern = pattern.replace(syntax, written)
    return maker.xeger(pattern).replace("\r", " ")


def main():
    program, rules, example, *clean = sys.argv[1:]
    random.seed(20261121)
    maker = rstr.Rstr(random.Random(20261121))
    with tempfile.TemporaryDirectory() as folder, open(rules, "rb") as config:
        fixtures = Path(folder, "fixtures")
        fixtures.mkdir()
        impossible = []
        for rule in tomllib.load(config)["rules"]:
            if "regex" not in rule:
                impossible.append(rule["id"])
                continue
            try:
                texts = [sample(maker, rule["regex"]) for _ in range(SAMPLES)]
            except Exception as error:  # rstr does not know all of the syntax
                impossible.append("%s (%s)" % (rule["id"], type(error).__name__))
                continue
            for index, text in enumerate(texts):
                Path(fixtures, "%s.%d.txt" % (rule["id"], index)).write_text(text + "\n")
        theirs = gitleaks(program, str(fixtures), folder + "/report.json")
        mine = ours(example, [str(path) for path in sorted(fixtures.iterdir())])
        totals, hits = collections.Counter(), collections.Counter()
        missed = {}
        for finding in theirs:
            rule = Path(finding["File"]).name.rsplit(".", 2)[0]
            if finding["RuleID"] != rule:
                continue
            totals[rule] += 1
            lines = range(finding["StartLine"], finding["EndLine"] + 1)
            if any((finding["File"], line) in mine for line in lines):
                hits[rule] += 1
            else:
                missed.setdefault(rule, Path(finding["File"]).read_text().strip())
        print("rule\tfixtures\tfound by us")
        for rule in sorted(totals):
            print(rule, totals[rule], hits[rule], sep="\t")
        print("all: %d rules, %d fixtures, %d found by us" % (len(totals), sum(totals.values()), sum(hits.values())))
        print("no fixture made for: " + ", ".join(impossible))
        for rule in sorted(missed):
            print("only gitleaks: %s e.g. %r" % (rule, missed[rule][:160]))
        if clean:
            theirs_clean = set()
            for path in clean:
                for finding in gitleaks(program, path, folder + "/clean.json"):
                    theirs_clean.add((path, finding["StartLine"], finding["RuleID"]))
            mine_clean = ours(example, clean)
            for path, line, rule in sorted(theirs_clean):
                if (path, line) not in mine_clean:
                    print("clean, only gitleaks: %s:%d %s" % (path, line, rule))
            lines = {(path, line) for path, line, _ in theirs_clean}
            for (path, line), rule in sorted(mine_clean.items()):
                if (path, line) not in lines:
                    print("clean, only ours: %s:%d %s" % (path, line, ", ".join(sorted(rule))))
            size = sum(Path(path).stat().st_size for path in clean)
            print("clean: %d bytes, gitleaks %d hits, ours %d" % (size, len(theirs_clean), len(mine_clean)))


if __name__ == "__main__":
    main()

"""Seeks canaries in everything that a run has written.

usage: leak_scan.py CANARIES.json PATH...

CANARIES.json is a list of texts. Each PATH is a file or a folder. Every file is read as bytes; every Parquet file is
also decoded, every column of every row group and the statistics of every column chunk. Each canary is sought
raw, without regard to case, JSON-escaped, wholly \\u-escaped, percent-encoded and in base64 at each of the three
alignments. Prints one JSON object, canary -> the places it was found in, without anything around it.
"""

import base64
import json
import pathlib
import sys
import urllib.parse

import pyarrow.parquet as parquet


def forms(canary):
    """All byte strings under which the canary would be a leak, in lower case, and those whose case counts."""
    raw = canary.encode()
    # Bytes are folded as ASCII, so a capital outside ASCII is sought both as it is and in lower case.
    folded = {raw.lower(), canary.lower().encode(), json.dumps(canary)[1:-1].lower().encode(),
              "".join(f"\\u{ord(c):04x}" for c in canary).encode(),
              urllib.parse.quote(canary).lower().encode(), urllib.parse.quote_plus(canary).lower().encode()}
    exact = set()
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        # The first and the last quantum also hold bits of the neighbours.
        inner = text[{0: 0, 1: 2, 2: 3}[shift]:]
        inner = inner[:len(inner) - 1]
        exact |= {inner.encode(), inner.replace("+", "-").replace("/", "_").encode()}
    return folded, exact


def texts(value):
    """All texts and byte strings inside a decoded value."""
    if isinstance(value, str):
        yield value.encode()
    elif isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)


def pieces(path):
    """(where, bytes) of everything in a file."""
    content = path.read_bytes()
    yield str(path), content
    if path.suffix != ".parquet":
        return
    # By this thread alone: a thread that pyarrow starts late can abort the interpreter's end.
    file = parquet.ParquetFile(path, pre_buffer=False)
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        for column in range(group.num_columns):
            chunk = group.column(column)
            statistics = chunk.statistics
            if statistics is not None and statistics.has_min_max:
                for text in texts([statistics.min, statistics.max]):
                    yield f"{path} statistics of {chunk.path_in_schema}", text
    for name in file.schema_arrow.names:
        for batch in file.iter_batches(columns=[name], use_threads=False):
            for text in texts(batch.column(0).to_pylist()):
                yield f"{path} column {name}", text


def main():
    canaries = json.loads(pathlib.Path(sys.argv[1]).read_text())
    sought = {canary: forms(canary) for canary in canaries}
    found = {canary: [] for canary in canaries}
    files = scanned = 0
    for root in map(pathlib.Path, sys.argv[2:]):
        for path in [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file()):
            files += 1
            for where, content in pieces(path):
                scanned += len(content)
                lower = content.lower()
                for canary, (folded, exact) in sought.items():
                    if any(form in lower for form in folded) or any(form in content for form in exact):
                        if where not in found[canary]:
                            found[canary].append(where)
    print(json.dumps({"files": files, "bytes": scanned, "found": found}))


main()

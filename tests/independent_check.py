#!/usr/bin/env python3
"""Checks a Sealake lake with nothing of Sealake: pyarrow, cryptography and the published formats.

Usage: independent_check.py LAKE [--key NAME+ID+BASE64] [--schemas DIR]

For both logs (log/ and access/log/) it computes again, from the bytes alone:
  - the tree of the log: RFC 6962 leaves over the manifests' bytes, the root after every entry;
  - every entry's signed note (C2SP signed-note, Ed25519) and the published checkpoint;
  - SHA-256 and size of every object that an entry names;
  - the SHA-256 of every 1 MiB block that a .detail lists;
  - every record's hash from the Parquet columns, in the order of schemas/json/*.json, and from them the .leaves
    file and the segment's root.
It prints what differs, or that all agrees. Exit code: 0 agrees, 1 something differs, 2 it could not be checked.
"""

import argparse
import base64
import hashlib
import json
import math
import pathlib
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BLOCK_BYTES = 1 << 20
SCHEMA_FILES = {"event/1": "event-1.json", "access/1": "access-1.json"}

differences = []
counts = {"entries": 0, "objects": 0, "records": 0, "blocks": 0, "signatures": 0}


def differ(where, what):
    differences.append(f"{where}: {what}")


def sha256(data):
    return hashlib.sha256(data).digest()


# RFC 6962, section 2.1.


def leaf_hash(data):
    return sha256(b"\0" + data)


class Tree:
    """A Merkle tree by its complete subtrees: enough to append and to give the root."""

    def __init__(self):
        self.size, self.edge = 0, []

    def push(self, leaf):
        size = self.size
        while size & 1:
            leaf = sha256(b"\1" + self.edge.pop() + leaf)
            size >>= 1
        self.edge.append(leaf)
        self.size += 1

    def root(self):
        if not self.edge:
            return sha256(b"")
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = sha256(b"\1" + left + root)
        return root


# C2SP signed-note.


def key_of(public):
    raw = base64.b64decode(public["public"], validate=True)
    key_id = sha256(public["name"].encode() + b"\n\x01" + raw)[:4]
    if key_id.hex() != public["id"]:
        raise ValueError(f"key id {public['id']} is not that of its bytes")
    return public["name"], key_id, Ed25519PublicKey.from_public_bytes(raw)


def verified_text(note, keys, where):
    """The text of a note and the ids of the known keys that signed it."""
    split = note.rindex(b"\n\n")
    text, lines = note[: split + 1], note[split + 2 :]
    signers = []
    for line in lines.decode().splitlines():
        dash, name, signature = line.split(" ")
        signature = base64.b64decode(signature, validate=True)
        for key_name, key_id, key in keys:
            if dash == "\u2014" and name == key_name and signature[:4] == key_id:
                try:
                    key.verify(signature[4:], text)
                    signers.append(key_id)
                    counts["signatures"] += 1
                except InvalidSignature:
                    differ(where, f"the signature of {name} does not verify")
    return text.decode(), signers


# The row encoding. Types come from the published JSON Schema, values from the Parquet columns.


def field(data):
    return struct.pack("<I", 0xFFFFFFFF) if data is None else struct.pack("<I", len(data)) + data


def integer(value):
    return struct.pack("<q", value)


def floating(value):
    if math.isnan(value):
        return struct.pack("<Q", 0x7FF8000000000000)
    return struct.pack("<d", 0.0 if value == 0.0 else value)


def properties(schema):
    """The fields of an object schema in declared order, whether it may be null or not."""
    return list(schema["properties"].items())


def encode(value, schema, arrow):
    """The bytes of a value; None for no value."""
    if value is None:
        return None
    if pa.types.is_list(arrow) or pa.types.is_large_list(arrow):
        items = [field(encode(item, schema["items"], arrow.value_type)) for item in value]
        return struct.pack("<I", len(items)) + b"".join(items)
    if pa.types.is_map(arrow):
        entries = sorted((key.encode(), count) for key, count in value)
        if len({key for key, _ in entries}) != len(entries):
            raise ValueError("a map key twice")
        parts = [field(key) + field(integer(count)) for key, count in entries]
        return struct.pack("<I", len(parts)) + b"".join(parts)
    if pa.types.is_struct(arrow):
        fields = {arrow.field(at).name: arrow.field(at).type for at in range(arrow.num_fields)}
        parts = [
            field(encode(value.get(name), part, fields[name])) if name in fields else field(None)
            for name, part in properties(schema)
        ]
        return b"".join(parts)
    if pa.types.is_boolean(arrow):
        return b"\1" if value else b"\0"
    if pa.types.is_integer(arrow) or pa.types.is_timestamp(arrow):
        return integer(value)
    if pa.types.is_floating(arrow):
        return floating(value)
    if pa.types.is_decimal(arrow):
        return int(value.scaleb(arrow.scale)).to_bytes(16, "little", signed=True)
    if isinstance(value, str):
        return value.encode()
    return bytes(value)


def plain(array):
    """Python values of a column. Times as microseconds: Python's datetime ends in the year 9999."""
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_timestamp(array.type):
        if array.type.unit != "us" or array.type.tz is None:
            raise ValueError(f"a time is {array.type}")
        return array.cast(pa.int64()).to_pylist()
    return array.to_pylist()


def parquet_file(data):
    """Read by this thread alone: a thread that pyarrow starts late can abort the interpreter's end."""
    return pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)


def record_hashes(data, schema):
    columns = properties(schema)
    for batch in parquet_file(data).iter_batches(batch_size=1024, use_threads=False):
        values = {name: plain(batch.column(name)) for name in batch.schema.names}
        types = {name: batch.schema.field(name).type for name in batch.schema.names}
        for row in range(batch.num_rows):
            data = [values["record_salt"][row], field(schema["title"].encode())]
            for name, part in columns:
                value = values[name][row] if name in values else None
                data.append(field(encode(value, part, types.get(name))))
            yield leaf_hash(b"".join(data))


class Log:
    """One of the lake's two logs."""

    def __init__(self, root, schemas):
        self.root, self.schemas = root, schemas
        self.tree, self.keys, self.roots = Tree(), [], [sha256(b"")]
        self.heartbeats, self.looks = [], []

    def read(self, path):
        try:
            data = (self.root / path).read_bytes()
        except FileNotFoundError:
            differ(path, "is named and not there")
            return None
        counts["objects"] += 1
        return data

    def named(self, path, digest, size=None):
        data = self.read(path)
        if data is None:
            return None
        if sha256(data).hex() != digest:
            differ(path, f"SHA-256 is {sha256(data).hex()}, the log says {digest}")
            return None
        if size is not None and len(data) != int(size):
            differ(path, f"{len(data)} bytes, the log says {size}")
        return data

    def walk(self, trusted):
        pending = []
        while True:
            path = f"log/0001/{self.tree.size:016}.entry"
            file = self.root / path
            if not file.exists():
                break
            data = file.read_bytes()
            counts["entries"] += 1
            manifest = self.entry(path, data, trusted)
            if manifest is None:
                # Not valid: it stands in the tree as its hash, and the next entry must say so.
                digest = sha256(data).hex()
                pending.append({"seq": str(self.tree.size), "sha256": digest})
                self.tree.push(leaf_hash(f"sealake invalid entry sha256:{digest}\n".encode()))
                self.roots.append(None)
                continue
            if manifest.get("skipped", []) != pending:
                differ(path, "does not list the invalid objects before it")
            pending = []
            getattr(self, "kind_" + manifest["kind"].replace("-", "_"), lambda *_: None)(path, manifest)
        if pending:
            differ(path, f"{len(pending)} objects before it are no entries")
        self.checkpoint()

    def entry(self, path, data, trusted):
        line, newline, note = data.partition(b"\n")
        if not newline:
            differ(path, "is no entry")
            return None
        try:
            manifest = json.loads(line)
            if self.tree.size == 0:
                self.keys = [key_of(key) for key in manifest["keys"]]
                self.origin = manifest["origin"]
                if trusted is not None and trusted not in [key[1] for key in self.keys]:
                    differ(path, "is not signed by the given key")
            keys = self.keys + ([key_of(manifest["key"])] if manifest["kind"] == "key" else [])
            text, signers = verified_text(note, keys, path)
        except (ValueError, KeyError, UnicodeDecodeError) as error:
            differ(path, f"is no entry ({error})")
            return None
        if not signers:
            differ(path, "is signed by no known key")
            return None
        canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        if canonical != line:
            differ(path, "the manifest is not canonical JSON")
        self.tree.push(leaf_hash(line))
        root = self.tree.root()
        self.roots.append(root)
        expected = f"{self.origin}/entry\n{self.tree.size}\n{base64.b64encode(root).decode()}\n"
        if text != expected:
            differ(path, "what is signed is not the tree of these manifests")
        if manifest["seq"] != str(self.tree.size - 1) or manifest["origin"] != self.origin:
            differ(path, "says another place")
        return manifest

    def kind_key(self, _path, manifest):
        if manifest["action"] == "add":
            self.keys.append(key_of(manifest["key"]))

    def kind_policy(self, _path, manifest):
        self.named(manifest["object"]["path"], manifest["object"]["sha256"])

    def kind_snapshot(self, path, manifest):
        data = self.named(manifest["head"]["path"], manifest["head"]["sha256"])
        if data is None:
            return
        head = json.loads(data)
        before = self.roots[int(head["size"])]
        if int(head["size"]) != self.tree.size - 1 or before is None or head["root"] != before.hex():
            differ(path, "the snapshot is not of the tree before it")
        for part in head.get("parts", []):
            self.named(part["path"], part["sha256"])

    def kind_heartbeat(self, path, manifest):
        if "access" in manifest:
            self.heartbeats.append((path, int(manifest["access"]["size"]), manifest["access"]["root"]))

    def kind_batch(self, path, manifest):
        detail = {}
        if "detail" in manifest:
            data = self.named(manifest["detail"]["path"], manifest["detail"]["sha256"])
            if data is not None:
                detail = {file["path"]: file for file in json.loads(data)["files"]}
        for item in manifest.get("quarantine", []):
            self.named(item["path"], item["sha256"])
        rows = 0
        for file in manifest.get("files", []):
            rows += int(file["rows"])
            self.segment(file, detail.get(file["path"]), manifest["schema"])
        self.equations(path, manifest, rows)

    def equations(self, path, manifest, rows):
        records = manifest["counts"]["records"]
        if rows != int(records["stored"]):
            differ(path, f"{records['stored']} records stored, and {rows} rows")
        messages = manifest["counts"].get("messages")
        if messages is None:
            return
        span = sum(int(o["next"]) - int(o["first"]) for o in manifest["offsets"])
        gaps = sum(int(gap) for o in manifest["offsets"] for gap in o.get("gaps", {}).values())
        counted = int(messages["decoded"]) + int(messages.get("quarantined", "0"))
        counted += sum(int(count) for count in messages.get("skipped", {}).values()) + gaps
        if span != counted:
            differ(path, f"{span} offsets, and {counted} messages and gaps")

    def segment(self, file, detail, schema_id):
        path = file["path"]
        data = self.named(path, file["sha256"], file["bytes"])
        leaves = self.named(file["leaves"]["path"], file["leaves"]["sha256"], 32 * int(file["rows"]))
        if data is None:
            return
        if detail is not None:
            blocks = [data[at : at + BLOCK_BYTES] for at in range(0, len(data), BLOCK_BYTES)]
            counts["blocks"] += len(blocks)
            if [sha256(block).hex() for block in blocks] != detail["blocks"]:
                differ(path, "the block hashes of the detail are not those of the file")
        tree, hashes = Tree(), []
        try:
            for leaf in record_hashes(data, self.schemas[schema_id]):
                tree.push(leaf)
                hashes.append(leaf)
        except (pa.ArrowException, ValueError, KeyError) as error:
            differ(path, f"its rows could not be read ({type(error).__name__})")
            return
        counts["records"] += len(hashes)
        if tree.root().hex() != file["root"]:
            differ(path, f"root of the rows is {tree.root().hex()}, the log says {file['root']}")
        if leaves is not None and b"".join(hashes) != leaves:
            differ(file["leaves"]["path"], "is not the hashes of the rows")
        if schema_id == "access/1":
            columns = ["snapshot_size", "snapshot_root"]
            table = parquet_file(data).read(columns=columns, use_threads=False)
            for row in table.to_pylist():
                if row["snapshot_size"] is not None:
                    self.looks.append((path, row["snapshot_size"], row["snapshot_root"]))

    def checkpoint(self):
        path = self.root / "log/checkpoint"
        if not path.exists() or not self.keys:
            return
        text, signers = verified_text(path.read_bytes(), self.keys, "log/checkpoint")
        origin, size, root = text.split("\n")[:3]
        known = int(size) < len(self.roots) and self.roots[int(size)]
        if not signers or origin != self.origin or not known or base64.b64decode(root) != known:
            differ("log/checkpoint", "is not a head of the log")

    def has(self, size, root):
        return size < len(self.roots) and self.roots[size] in (None, root)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lake", type=pathlib.Path)
    parser.add_argument("--key", help="the event log's key, NAME+ID+BASE64")
    here = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--schemas", type=pathlib.Path, default=here / "schemas" / "json")
    arguments = parser.parse_args()
    schemas = {}
    for schema_id, name in SCHEMA_FILES.items():
        schemas[schema_id] = json.loads((arguments.schemas / name).read_text())
        assert schemas[schema_id]["title"] == schema_id
    trusted = bytes.fromhex(arguments.key.split("+")[1]) if arguments.key else None

    events = Log(arguments.lake, schemas)
    events.walk(trusted)
    if events.tree.size == 0:
        print(f"{arguments.lake}: no log here, nothing was checked")
        return 2
    access = Log(arguments.lake / "access", schemas)
    if (arguments.lake / "access").exists():
        access.walk(None)
    for path, size, root in events.heartbeats:
        if not access.has(size, bytes.fromhex(root)):
            differ(path, f"names a root of the access log at {size} that it does not have")
    for path, size, root in access.looks:
        if root is not None and not events.has(size, root):
            differ(path, f"a record saw a root of the event log at {size} that it does not have")

    for difference in differences:
        print(difference)
    verdict = f"{len(differences)} differences" if differences else "all agree"
    summary = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"{verdict}: {summary}; event log {events.tree.size} {events.tree.root().hex()}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())

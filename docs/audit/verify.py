#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies an export of a Secure@Mail ledger, or proofs, as docs/audit-format.md says it, and by nothing else.

    python3 verify.py FILE KEYFILE...

It was written from the specification, to show that somebody can; it shares nothing with the gateway. It needs Python 3.9
and the package `cryptography`. It ends with 0 where the file is verified, with 1 where not, with 2 for wrong use.
"""
import base64
import hashlib
import json
import re
import sys
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "securemail-audit-export/1"
PROOF = b"c2sp.org/tlog-proof@v1\n"
WIDTH = 256
LONGEST_LINE, LONGEST_PROOFS = 8 * 1024 * 1024, 16 * 1024 * 1024


class Refused(Exception):
    """Nothing that follows can be judged."""


def b64(text):
    octets = base64.b64decode(text, validate=True)
    if base64.b64encode(octets).decode() != text:
        raise ValueError("not canonical base64")
    return octets


def leaf_hash(line):
    return hashlib.sha256(b"\x00" + hashlib.sha256(line).digest()).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(hashes):
    """RFC 9162, 2.1.1"""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(tree_root(hashes[:k]), tree_root(hashes[k:]))


def root_by_inclusion(root, index, size, proof):
    """RFC 9162, 2.1.3.2"""
    if index >= size:
        return None
    fn, sn = index, size - 1
    for sibling in proof:
        if sn == 0:
            return None
        if fn % 2 == 1 or fn == sn:
            root = node_hash(sibling, root)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


class Key:
    def __init__(self, text):
        name, key_id, encoded = re.fullmatch(r"([^+]+)\+([0-9a-f]{8})\+(\S+)", text.strip()).groups()
        typed = b64(encoded)
        if hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4].hex() != key_id or len(typed) != 33:
            raise ValueError(f"the public key of {name} was changed")
        self.name, self.id, self.kind = name, bytes.fromhex(key_id), typed[0]
        self.key = Ed25519PublicKey.from_public_bytes(typed[1:])


def signers(note, keys):
    """The text of a note, and who of those that are trusted signed it as a ledger."""
    end = note.rindex("\n\n")
    text, signed = note[: end + 1], []
    if not note.endswith("\n"):
        raise ValueError("no note")
    for line in note[end + 2 : -1].split("\n"):
        name, encoded = re.fullmatch("\u2014 (\\S+) (\\S+)", line).groups()
        octets = b64(encoded)
        for key in [each for each in keys if (each.name, each.id) == (name, octets[:4])]:
            signature, message = octets[4:], text.encode()
            if key.kind == 4:
                seen = int.from_bytes(signature[:8], "big")
                signature, message = signature[8:], f"cosignature/v1\ntime {seen}\n".encode() + message
            key.key.verify(signature, message)
            if key.kind == 1:
                signed.append(name)
    return text, signed


def plain(text):
    return "".join(each if each.isprintable() else "?" for each in str(text))


def moment(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


class File:
    def __init__(self, keys):
        self.keys, self.faults, self.events = keys, 0, 0
        self.number, self.digest, self.ended = 0, hashlib.sha256(), False
        self.header = self.segment = self.last = self.origin = None
        self.tile, self.next, self.sequences = -1, 0, {}

    def fault(self, text):
        self.faults += 1
        if self.faults <= 100:
            print(f"fault: {plain(text)}")

    def take(self, line):
        self.number += 1
        if self.ended:
            raise Refused("something stands after the end")
        if self.header is None:
            self.begin(line)
        elif line.startswith(b'{"tile":'):
            self.close_segment()
            self.open_segment(line)
        elif line.startswith(b'{"end":'):
            self.close_segment()
            return self.end(line)
        elif self.segment is None:
            self.fault(f"line {self.number} is in no tile")
        elif len(self.segment[2]) < 4 * WIDTH:
            hash_ = leaf_hash(content := line.removesuffix(b"\n"))
            # Of what the ledger does not have only the hash is kept: it may be as long as somebody likes.
            self.segment[2].append((self.number, hash_, content if hash_ in self.unseen else b""))
            self.unseen.discard(hash_)
        else:
            self.fault(f"line {self.number} is more than the tile has")
        self.digest.update(line)

    def begin(self, line):
        try:
            header = json.loads(line)
            assert header["format"] == FORMAT
            text, signed = signers(header["checkpoint"], self.keys)
            self.origin, size, root = text.split("\n")[:3]
            self.size, self.root = int(size), b64(root)
            assert self.origin in signed, "the checkpoint is not signed by a key that you trust"
        except InvalidSignature:
            raise Refused("the checkpoint was changed")
        except (ValueError, KeyError, TypeError, AttributeError, AssertionError, RecursionError) as why:
            raise Refused(f"this is no export that can be verified: {why}")
        self.header, self.scope = header, header["scope"]
        if self.scope["kind"] == "range":
            self.next = self.scope["first"]
        said = ", ".join(f"{name} {value}" for name, value in self.scope.items())
        print(plain(f"scope: {self.origin}, {said}; exported {header['exportedtime']}"))

    def open_segment(self, line):
        try:
            said = json.loads(line)
            tile, octets = said["tile"], b64(said["hashes"])
            assert len(octets) <= 32 * WIDTH and len(said["leaves"]) <= WIDTH
            hashes = [octets[at : at + 32] for at in range(0, len(octets), 32)]
            proof = [b64(each) for each in said["proof"]]
            first = tile * WIDTH
            places = [p for begin, count in said["leaves"] for p in range(begin, begin + min(count, WIDTH))]
            assert type(tile) is int and tile >= 0 and min(places, default=0) >= 0
            wanted = [(first + place, hashes[place]) for place in places]
        except (ValueError, KeyError, TypeError, IndexError, AssertionError, RecursionError):
            self.fault(f"line {self.number} is no tile")
            self.segment = None
            return
        root = root_by_inclusion(tree_root(hashes), tile, -(-self.size // WIDTH), proof)
        if not (is_proven := len(hashes) == min(WIDTH, self.size - first) and root == self.root):
            self.fault(f"the hashes of tile {tile} are not those of the ledger")
        if tile <= self.tile:
            self.fault(f"tile {tile} does not come in its turn")
        self.tile = max(tile, self.tile)
        for leaf, _ in wanted:
            if self.scope["kind"] == "range" and leaf > self.next:
                self.fault(f"leaves {self.next} to {leaf - 1} are not in the file")
            if leaf < self.next:
                self.fault(f"leaf {leaf} does not come in its turn")
            self.next = max(self.next, leaf + 1)
        self.segment, self.unseen = (wanted, is_proven, []), {hash_ for _, hash_ in wanted} if is_proven else set()

    def close_segment(self):
        if self.segment is None:
            return
        (wanted, is_proven, found), self.segment = self.segment, None
        of = {hash_: leaf for leaf, hash_ in wanted}
        seen = {}
        for number, hash_, content in found:
            if hash_ not in of or of[hash_] in seen:
                self.fault(f"line {number} is not in the ledger, or is there once more")
                continue
            seen[of[hash_]] = content
        for leaf in [leaf for leaf, _ in wanted if leaf not in seen]:
            self.fault(f"what the ledger has as leaf {leaf} is not in the file")
        if list(seen) != sorted(seen):
            self.fault("events do not stand in the order of the ledger")
        for leaf in sorted(seen) if is_proven else []:
            self.event(leaf, json.loads(seen[leaf]))

    def event(self, leaf, event):
        self.events += 1
        recorded, scope = moment(event["recordedtime"]), self.scope
        if scope["kind"] == "email":
            expected = self.sequences.get(event["source"], 0) + 1
            if event["subject"] != scope["emailId"]:
                self.fault(f"leaf {leaf} is of another email")
            elif int(event["sequence"]) != expected:
                self.fault(f"number {expected} of {event['source']} is missing before leaf {leaf}")
            self.sequences[event["source"]] = int(event["sequence"])
        else:
            if self.last is not None and recorded < self.last:
                self.fault(f"leaf {leaf} was recorded before the one that it comes after")
            if leaf == scope["first"] > 0 and (scope["from"] is None or recorded >= moment(scope["from"])):
                self.fault("what was recorded first in the range is not in the file")
        self.last = recorded
        late = (recorded - moment(event["time"])).total_seconds()
        if late > 3600 or late < -60:
            print(f"notice: event {event['id']} says that it happened {late:.0f} seconds before it was recorded")

    def end(self, line):
        self.ended = True
        digest = base64.b64encode(self.digest.digest()).decode()
        wanted = f"{FORMAT}\n{self.origin}\n{self.number - 1}\n{digest}\n"
        try:
            note = json.loads(line)["end"]
            text, signed = signers(note, self.keys)
            exact = json.dumps({"end": note}, ensure_ascii=False, separators=(",", ":")) + "\n"
            if text != wanted or self.origin not in signed or exact.encode() != line:
                self.fault("the file is not as it was exported")
        except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature, RecursionError):
            self.fault("the end of the file is not signed by a key that you trust")
        scope = self.scope
        if scope["kind"] == "email":
            if self.events != scope["count"] or self.events == 0:
                self.fault(f"the file has {self.events} of {scope['count']} events of the email")
            return
        end = scope["first"] + scope["count"]
        if scope["count"] == 0 and self.size > 0:
            self.fault("the file has no event that shows where its range lies")
        if self.next != end:
            self.fault(f"the file ends with leaf {self.next - 1}, and is to end with {end - 1}")
        is_after = scope["to"] is not None and self.last is not None and self.last >= moment(scope["to"])
        if end != self.size and not is_after:
            self.fault("what was recorded last in the range is not in the file")


def proven(text, keys):
    """The event that a proof is about. @raises Refused"""
    try:
        extra, index, proof, note = re.fullmatch(r"extra (\S+)\nindex (\d+)\n((?:\S+\n)*)\n(.*)", text, re.S).groups()
        checkpoint, signed = signers(note, keys)
        origin, size, root = checkpoint.split("\n")[:3]
        hashes = [b64(each) for each in proof.split()]
        if root_by_inclusion(leaf_hash(b64(extra)), int(index), int(size), hashes) != b64(root) or origin not in signed:
            raise Refused("a proof is of something else, or not signed by a key that you trust")
        return json.loads(b64(extra))
    except (ValueError, AttributeError, InvalidSignature, RecursionError):
        raise Refused("this is no proof, or it was changed")


def main(path, *key_files):
    file = File([])
    try:
        file.keys = [Key(line) for each in key_files for line in open(each, encoding="utf-8") if line.strip()]
        with open(path, "rb") as octets:
            if octets.peek(len(PROOF)).startswith(PROOF.rstrip()):
                proofs = octets.read(LONGEST_PROOFS + 1)
                if len(proofs) > LONGEST_PROOFS:
                    raise Refused("these are more proofs than are looked at")
                for each in proofs.replace(b"\r\n", b"\n")[len(PROOF) :].split(b"\n" + PROOF):
                    event = proven(each.decode().rstrip("\n") + "\n", file.keys)
                    print(plain(f"proven: {event['type']} of {event['subject']} at {event['time']}"))
                    file.events, file.ended = file.events + 1, True
            while line := octets.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise Refused("a line is too long")
                file.take(line)
        if not file.ended:
            raise Refused("the file ends before its end")
    except Refused as why:
        file.fault(str(why))
    except Exception as why:  # What nobody thought of is never verified.
        file.fault(f"this can't be read: {why} ({type(why).__name__})")
    print(f"{'VERIFIED' if file.faults == 0 else 'NOT VERIFIED'}: {file.events} events, {file.faults} faults")
    return 0 if file.faults == 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 2 else print(__doc__, file=sys.stderr) or 2)

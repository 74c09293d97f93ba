// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { missing, pythonWithCryptography } from '@securemail/testing';
import { verifierKey } from '../signed-note.ts';
import { memoryLedger, recordedAt } from '../testing/memory-ledger.ts';
import { verifyExport } from './verify.ts';

const PROGRAM = join(import.meta.dirname, '../../../docs/audit/verify.py');
const SIZE = 600;

it('the verifier in another language is short', () => {
  expect(readFileSync(PROGRAM, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(300);
});

const python = pythonWithCryptography();
if (python === null) missing('python3 with cryptography', 'apt-get install python3-cryptography');
else
  describe('a verifier that was written in Python from the specification alone agrees', () => {
    const ledger = memoryLedger(SIZE);
    const folder = mkdtempSync(join(tmpdir(), 'ledger-python-'));
    const key = join(folder, 'key');
    writeFileSync(key, `${verifierKey(ledger.verifier)}\n`);
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });
    const verdicts = async (file: Buffer) => {
      const path = join(folder, 'export.jsonl');
      writeFileSync(path, file);
      const { status, stdout, stderr } = spawnSync(python, [PROGRAM, path, key], { encoding: 'utf8' });
      const { isVerified, events } = await verifyExport(Readable.from([file]), [ledger.verifier]);
      expect(stderr).toBe('');
      return { python: [status === 0, stdout.trim().split('\n').at(-1)], ours: [isVerified, events] };
    };

    it.each([
      ['all of it', { kind: 'range', from: null, to: null, first: 0, count: SIZE } as const],
      [
        'a time',
        {
          kind: 'range',
          from: recordedAt(250).toISOString(),
          to: recordedAt(520).toISOString(),
          first: 249,
          count: 272,
        } as const,
      ],
      ['an email', { kind: 'email', emailId: ledger.emails[3]!, count: 8 } as const],
    ])('on %s', async (_, scope) => {
      const { count } = scope;
      expect(await verdicts(await ledger.export(scope))).toEqual({
        python: [true, `VERIFIED: ${count} events, 0 faults`],
        ours: [true, count],
      });
    });

    it('on what was touched, in every way', async () => {
      const whole = await ledger.export({ kind: 'email', emailId: ledger.emails[3]!, count: 8 });
      const lines = whole.toString().split('\n').slice(0, -1);
      const file = (of: readonly string[]) => Buffer.from(of.map((line) => `${line}\n`).join(''));
      const events = lines.flatMap((line, at) => (line.startsWith('{"data":') ? [at] : []));
      const [first, second] = [events[1]!, events[2]!];
      const tile = lines.findIndex((line) => line.startsWith('{"tile":'));
      const touched = {
        changed: lines.with(first, lines[first]!.replace('Delivered', 'Bounced')),
        'dated back': lines.with(first, lines[first]!.replace(/"time":"2026/, '"time":"2025')),
        removed: lines.toSpliced(first, 1),
        added: lines.toSpliced(first, 0, lines[second]!),
        'put elsewhere': lines.with(first, lines[second]!).with(second, lines[first]!),
        'without a tile': lines.toSpliced(tile, 1),
        'with other hashes': lines.with(tile, lines[tile]!.replace('"hashes":"', '"hashes":"AAAA')),
        'cut off': lines.slice(0, -1),
        'cut off in the middle': lines.slice(0, second),
        'with more at its end': [...lines, '{}'],
        'of nothing': [],
        'of another kind': ['{"format":"other"}'],
        'with another checkpoint': lines.with(0, lines[0]!.replace(`\\n${SIZE}\\n`, `\\n${SIZE + 1}\\n`)),
        'with a line that is no JSON': lines.with(first, '{"data":'),
        'with a tile that is none': lines.with(tile, '{"tile":-1}'),
      };
      for (const [how, of] of Object.entries(touched)) {
        const { python: theirs, ours } = await verdicts(file(of));
        expect([how, theirs[0], ours[0]]).toEqual([how, false, false]);
      }
      for (let at = 3; at < whole.length; at += 997) {
        const flipped = Buffer.from(whole);
        flipped[at] = flipped[at]! ^ 1;
        const { python: theirs, ours } = await verdicts(flipped);
        expect([at, theirs[0], ours[0]]).toEqual([at, false, false]);
      }
    });
  });

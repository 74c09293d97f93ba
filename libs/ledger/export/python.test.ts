// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { missing, pythonWithCryptography } from '@securemail/testing';
import { verifierKey } from '../signed-note.ts';
import { memoryLedger, ORIGIN, recordedAt } from '../testing/memory-ledger.ts';
import { verifyFile } from '../verify-file.ts';
import { verifyExport } from './verify.ts';

const PROGRAM = join(import.meta.dirname, '../../../docs/audit/verify.py');
const SIZE = 600;
const NOBODY = '01900000-0000-7000-8000-0000000fffff';

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
    /** @param file null: none is there. */
    const run = (file: Buffer | null, by = key) => {
      const path = join(folder, file === null ? 'nowhere' : 'export.jsonl');
      if (file !== null) writeFileSync(path, file);
      return spawnSync(python, [PROGRAM, path, by], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    };
    const verdicts = async (file: Buffer) => {
      const { status, stdout, stderr } = run(file);
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

    it('on an email of which there is nothing, whoever signed that', async () => {
      const file = await ledger.export({ kind: 'email', emailId: NOBODY, count: 0 });
      expect(await verdicts(file)).toEqual({
        python: [false, 'NOT VERIFIED: 0 events, 1 faults'],
        ours: [false, 0],
      });
    });

    it('and says whose file it is, what is in it, and when it was exported', async () => {
      const { stdout } = run(await ledger.export({ kind: 'email', emailId: ledger.emails[3]!, count: 8 }));
      expect(stdout.split('\n')[0]).toBe(
        `scope: ${ORIGIN}, kind email, emailId ${ledger.emails[3]!}, count 8; exported ${recordedAt(SIZE).toISOString()}`,
      );
    });

    it.each([9, 17])('on %s MiB of proofs', async (mib) => {
      const proofs = [await ledger.prove(4), await ledger.prove(300)];
      const length = proofs.reduce((sum, { length: each }) => sum + each, 0);
      const times = Math.ceil((mib * 1024 * 1024) / length);
      const file = Buffer.from(proofs.join('').repeat(times));
      const { isVerified, events } = await verifyFile(Readable.from([file]), [ledger.verifier]);
      const { status, stdout } = run(file);
      expect([status === 0, stdout.trim().split('\n').at(-1)]).toEqual([
        isVerified,
        isVerified ? `VERIFIED: ${events} events, 0 faults` : 'NOT VERIFIED: 0 events, 1 faults',
      ]);
      expect([isVerified, events]).toEqual(mib === 9 ? [true, times * 2] : [false, 0]);
    });

    it('in one line, whatever it is given', async () => {
      const file = await ledger.export({ kind: 'range', from: null, to: null, first: 0, count: SIZE });
      const lines = file.toString().split('\n');
      const header = (scope: unknown) =>
        Buffer.from(lines.with(0, JSON.stringify({ ...JSON.parse(lines[0]!), scope })).join('\n'));
      writeFileSync(join(folder, 'rubbish'), Buffer.from([0xff, 0xfe]));
      const given: [Buffer | null, string][] = [
        [null, key],
        [file, join(folder, 'none')],
        [file, join(folder, 'rubbish')],
        ...[null, {}, { kind: 'range' }, { kind: 'range', from: 1, to: 'x', first: 'y', count: [] }].map(
          (scope): [Buffer, string] => [header(scope), key],
        ),
      ];
      for (const [of, by] of given) {
        const { status, stdout, stderr } = run(of, by);
        expect([status, stderr]).toEqual([1, '']);
        expect(stdout).toMatch(
          /^(?:scope: .*\n)?fault: .+\n(?:fault: .+\n)*NOT VERIFIED: \d+ events, \d+ faults\n$/,
        );
      }
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

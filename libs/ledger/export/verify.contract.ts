// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { noteVerifier } from '../sign-note.ts';
import { memoryLedger, ORIGIN, recordedAt } from '../testing/memory-ledger.ts';
import type { Scope } from './format.ts';
import type { verifyExport as VerifyExport } from './verify.ts';

const SIZE = 700;
const ledger = memoryLedger(SIZE);
const ALL: Scope = { kind: 'range', from: null, to: null, first: 0, count: SIZE };
const [emailId = ''] = ledger.emails;
/** As a disk hands it out. */
function* piecesOf(file: Uint8Array) {
  for (let at = 0; at < file.length; at += 1_000) yield file.subarray(at, at + 1_000);
}
const linesOf = (file: Buffer) => file.toString().split('\n').slice(0, -1);
const fileOf = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const isEvent = (line: string) => line.startsWith('{"data":');

const all = await ledger.export(ALL);
const ofEmail = await ledger.export({ kind: 'email', emailId, count: 8 });
/** Two tiles, of which one is not full. */
const fewer = await ledger.export({ ...ALL, count: 300 }, 300);

/**
 * What verifying does, whatever it is done by.
 *
 * @param numRuns how often each kind of tampering is tried.
 */
export function verifyContract(verifyExport: typeof VerifyExport, numRuns: number): void {
  const verify = (file: Uint8Array, verifier = ledger.verifier) =>
    verifyExport(Readable.from(piecesOf(file)), [verifier]);
  const kinds = async (file: Uint8Array) => [...new Set((await verify(file)).faults.map(({ kind }) => kind))];

  describe('what was exported is verified', () => {
    it('the whole ledger', async () => {
      expect(await verify(all)).toMatchObject({
        isVerified: true,
        events: SIZE,
        faults: [],
        notices: [],
        signedBy: [{ name: ORIGIN, at: null }],
        checkpoint: { origin: ORIGIN, size: SIZE },
      });
    });

    it('an email', async () => {
      expect(await verify(ofEmail)).toMatchObject({
        isVerified: true,
        events: 8,
        scope: { kind: 'email', emailId },
      });
    });

    it.each([
      [0, 1],
      [0, 256],
      [1, 255],
      [255, 2],
      [256, 256],
      [511, 189],
      [SIZE - 1, 1],
    ])('a range from leaf %i of %i leaves', async (first, count) => {
      const isToEnd = first + count === SIZE;
      const from = first === 0 ? null : recordedAt(first + 1).toISOString();
      const to = isToEnd ? null : recordedAt(first + count - 1).toISOString();
      const file = await ledger.export({ kind: 'range', from, to, first, count });
      expect(await verify(file)).toMatchObject({ isVerified: true, events: count });
    });

    it.each([0, 1, 255, 256, 257, 512, 513])('a ledger of %i leaves', async (size) => {
      const file = await ledger.export({ ...ALL, count: size }, size);
      expect(await verify(file)).toMatchObject({ isVerified: true, events: size });
    });
  });

  describe('many times each, whoever touches the file is found out', () => {
    const RUNS = { numRuns };
    const tampered = (change: (lines: string[], at: number, to: number) => string[] | null) =>
      fc.assert(
        fc.asyncProperty(fc.nat(), fc.nat(), fc.boolean(), async (at, to, isOfEmail) => {
          const lines = linesOf(isOfEmail ? ofEmail : fewer);
          const changed = change(lines, at, to);
          fc.pre(changed !== null && changed.join('\n') !== linesOf(isOfEmail ? ofEmail : fewer).join('\n'));
          const verdict = await verify(fileOf(changed));
          expect(verdict.isVerified).toBe(false);
          return true;
        }),
        RUNS,
      );
    const eventAt = (lines: string[], at: number) => {
      const events = lines.flatMap((line, place) => (isEvent(line) ? [place] : []));
      return events[at % events.length]!;
    };
    /** The verdict on one change, at the end of all that are tried: which event it names. */
    const said = async (lines: string[]) =>
      (await verify(fileOf(lines))).faults.map(({ kind, text }) => `${kind}: ${text}`);

    it('changed', async () => {
      await tampered((lines, at, to) => {
        const place = eventAt(lines, at);
        const line = lines[place]!;
        const letter = to % line.length;
        return lines.with(place, `${line.slice(0, letter)}~${line.slice(letter + 1)}`);
      });
      const lines = linesOf(fewer);
      const place = eventAt(lines, 270);
      const forged = lines[place]!.replace('[270]', '[271]');
      expect(await said(lines.with(place, forged))).toEqual([
        `changed: Line ${place + 1} is not what the ledger has as leaf 270. It says that it is event 01900000-0000-7000-8000-00000000010e.`,
        'altered: The file is not as it was exported.',
      ]);
    });

    it('dated back', async () => {
      await tampered((lines, at, to) => {
        const place = eventAt(lines, at);
        const earlier = new Date(Date.parse('2026-11-01') - (to % 1e9)).toISOString();
        return lines.with(place, lines[place]!.replace(/"time":"[^"]+"/, `"time":"${earlier}"`));
      });
    });

    it('removed', async () => {
      await tampered((lines, at) => lines.toSpliced(eventAt(lines, at), 1));
      const lines = linesOf(fewer);
      expect(await said(lines.toSpliced(eventAt(lines, 270), 1))).toEqual([
        'removed: What the ledger has as leaf 270 is not in the file.',
        'altered: The file is not as it was exported.',
      ]);
    });

    it('added', async () => {
      await tampered((lines, at, to) => {
        const copy = lines[eventAt(lines, to)]!.replace(
          /"id":"[^"]+"/,
          '"id":"01900000-0000-7000-8000-ffffffffffff"',
        );
        return lines.toSpliced(eventAt(lines, at), 0, copy);
      });
      const lines = linesOf(fewer);
      const place = eventAt(lines, 270);
      expect(await said(lines.toSpliced(place, 0, lines[place]!))).toEqual([
        `added: Line ${place + 2} is not in the ledger, or is there once more. It says that it is event 01900000-0000-7000-8000-00000000010e.`,
        'altered: The file is not as it was exported.',
      ]);
    });

    it('put elsewhere', async () => {
      await tampered((lines, at, to) => {
        const [from, place] = [eventAt(lines, at), eventAt(lines, to)];
        return lines.toSpliced(from, 1).toSpliced(place, 0, lines[from]!);
      });
      const lines = linesOf(fewer);
      const place = eventAt(lines, 270);
      const [a, b] = [lines[place]!, lines[place + 1]!];
      expect(await said(lines.with(place, b).with(place + 1, a))).toEqual([
        `moved: Leaf 271 stands at line ${place + 1}, and not in its turn. It says that it is event 01900000-0000-7000-8000-00000000010f.`,
        'altered: The file is not as it was exported.',
      ]);
    });

    it('cut off anywhere', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(fewer.length - 2), async (length) => {
          const verdict = await verify(fewer.subarray(0, length));
          expect(verdict.isVerified).toBe(false);
        }),
        RUNS,
      );
    });

    it('one octet, anywhere', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(ofEmail.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
          const changed = Buffer.from(ofEmail);
          changed[at] = changed[at]! ^ by;
          expect((await verify(changed)).isVerified).toBe(false);
        }),
        RUNS,
      );
    });
  });

  describe('nor is it verified', () => {
    it('signed anew by somebody else', async () => {
      const { publicKey } = generateKeyPairSync('ed25519');
      expect(await verify(all, noteVerifier(ORIGIN, publicKey))).toMatchObject({
        isVerified: false,
        events: 0,
        faults: [{ kind: 'unsigned' }],
      });
    });

    it('of another ledger, also where that is trusted, too', async () => {
      const other = memoryLedger(SIZE);
      const [ours, theirs] = [linesOf(all), linesOf(await other.export(ALL))];
      const verdict = await verifyExport(Readable.from([fileOf([...ours.slice(0, 1), ...theirs.slice(1)])]), [
        ledger.verifier,
        other.verifier,
      ]);
      expect(verdict.isVerified).toBe(false);
      expect(verdict.events).toBe(0);
    });

    it('by who has the key of the ledger, and leaves out a tile, an event with its hash, or what comes first and last', async () => {
      const resigned = (lines: string[]) => {
        const body = fileOf(lines.slice(0, -1));
        const sha256 = createHash('sha256').update(body).digest('base64');
        const end = ledger.sign(`securemail-audit-export/1\n${ORIGIN}\n${lines.length - 1}\n${sha256}\n`);
        return fileOf([...lines.slice(0, -1), JSON.stringify({ end })]);
      };
      const lines = linesOf(all);
      expect((await verify(resigned(lines))).isVerified).toBe(true);
      const tiles = lines.flatMap((line, at) => (line.startsWith('{"tile":') ? [at] : []));
      const withoutTile = lines.toSpliced(tiles[1]!, tiles[2]! - tiles[1]!);
      expect(await kinds(resigned(withoutTile))).toEqual(['removed']);
      const tile = JSON.parse(lines[tiles[1]!]!) as { hashes: string; leaves: [number, number][] };
      const hashes = Buffer.from(tile.hashes, 'base64');
      const less = Buffer.concat([hashes.subarray(0, 320), hashes.subarray(352)]).toString('base64');
      const cut = lines
        .with(tiles[1]!, JSON.stringify({ ...tile, hashes: less, leaves: [[0, 255]] }))
        .toSpliced(tiles[1]! + 11, 1);
      expect(await kinds(resigned(cut))).toEqual(expect.arrayContaining(['tile', 'removed']));
      const untold = lines
        .with(
          tiles[1]!,
          JSON.stringify({
            ...tile,
            leaves: [
              [0, 10],
              [11, 245],
            ],
          }),
        )
        .toSpliced(tiles[1]! + 11, 1);
      expect(await kinds(resigned(untold))).toEqual(['removed']);
      const [from, to] = [recordedAt(100).toISOString(), recordedAt(200).toISOString()];
      for (const [first, count] of [
        [100, 101],
        [99, 101],
      ] as const)
        expect(await kinds(await ledger.export({ kind: 'range', from, to, first, count }))).toEqual([
          'incomplete',
        ]);
      expect(await kinds(await ledger.export({ kind: 'range', from, to, first: 99, count: 102 }))).toEqual(
        [],
      );
    });

    it.each([
      ['the beginning', null, null],
      ['a time', recordedAt(100).toISOString(), null],
      ['the end', null, recordedAt(100).toISOString()],
    ])('what holds nothing of a ledger, from %s on, whoever signs it', async (_, from, to) => {
      for (const first of [0, 1, SIZE])
        expect(await kinds(await ledger.export({ kind: 'range', from, to, first, count: 0 }))).toContain(
          'incomplete',
        );
    });

    it('what holds nothing of an email, whoever signs it', async () => {
      const emailId = '01900000-0000-7000-8000-0000000fffff';
      const verdict = await verify(await ledger.export({ kind: 'email', emailId, count: 0 }));
      expect(verdict).toMatchObject({
        isVerified: false,
        faults: [{ kind: 'incomplete', text: `The file has nothing of the email ${emailId}.` }],
      });
    });

    it('a tile of very many hashes, or of the same leaves again and again', async () => {
      const lines = linesOf(fewer);
      const tile = JSON.parse(lines[1] ?? '') as { hashes: string; leaves: [number, number][] };
      const many = Buffer.alloc(32 * 200_000).toString('base64');
      for (const touched of [
        { ...tile, hashes: many },
        { ...tile, leaves: Array.from({ length: 256 }, () => [0, 1_000_000]) },
      ])
        expect((await verify(fileOf(lines.with(1, JSON.stringify(touched))))).isVerified).toBe(false);
    });

    it.each([
      ['nothing', ''],
      ['a line end', '\n'],
      ['rubbish', 'rubbish\n{}\n'],
      ['no UTF-8', Buffer.from([0xff, 0x0a])],
      ['JSON of something else', '{"format":"other/1"}\n'],
      ['very deep JSON', `${'['.repeat(1_000_000)}\n`],
    ])('%s', async (_, file) => {
      expect(await verify(Buffer.from(file))).toMatchObject({ isVerified: false, events: 0 });
    });

    it('what stands after the end', async () => {
      expect(await kinds(Buffer.concat([all, Buffer.from('x\n')]))).toEqual(['added']);
      expect(await kinds(Buffer.concat([all, all]))).toEqual(['added']);
    });

    it('a line without an end, or of much that is no event, in memory that does not grow', async () => {
      const endless = async function* (piece: Buffer, times: number) {
        yield all.subarray(0, all.indexOf('\n', 20_000) + 1);
        for (let at = 0; at < times; at += 1) {
          if (at % 100 === 0) await new Promise(setImmediate);
          yield piece;
        }
      };
      const MIB = Buffer.alloc(1024 * 1024, 'x');
      const before = process.memoryUsage().rss;
      const long = await verifyExport(endless(MIB, 200), [ledger.verifier]);
      expect(long.faults.at(-1)).toMatchObject({ kind: 'unreadable' });
      const many = await verifyExport(endless(Buffer.from('{}\n'.repeat(10_000)), 20), [ledger.verifier]);
      expect(many.isVerified).toBe(false);
      expect(many.faultCount).toBeGreaterThan(many.faults.length);
      expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1024 * 1024);
    });
  });
}

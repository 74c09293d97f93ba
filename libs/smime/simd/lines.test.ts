// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { decodeLines, encodeLines, findLine, WINDOW } from './lines.ts';

const run = promisify(execFile);
const NOTHING = Buffer.alloc(0);
const latin1 = (text: string) => Buffer.from(text, 'latin1');

it('runs what its source says', async () => {
  const compiled = join(tmpdir(), `lines-${process.pid}.wasm`);
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { wasm: string } };
  const target = /-o (\S+)/.exec(scripts.wasm)?.[1] ?? '';
  const options = scripts.wasm.replace(target, compiled).split(' ').slice(1);
  try {
    await run(process.execPath, ['node_modules/assemblyscript/bin/asc.js', ...options]);
    expect((await readFile(compiled)).equals(await readFile(target))).toBe(true);
  } finally {
    await rm(compiled, { force: true });
  }
});

describe('base64 in lines', () => {
  it.each([0, 1, 2, 3, 1000, 1149, 1150, 5000])('is that of Node, %i lines of it', (lines) => {
    const octets = randomBytes(lines * 57);
    const out = Buffer.alloc(lines * 78 + 7);
    expect(encodeLines(octets, out, 5)).toBe(lines * 78 + 5);
    const text = octets.toString('base64').replace(/.{76}/g, '$&\r\n');
    expect(out.toString('latin1')).toBe(`\0\0\0\0\0${text}\0\0`);
  });

  it.each([16, 20, 24, 28, 32, 36, 60, 64, 72, 76, 80, 996])('is read, %i columns wide', (columns) => {
    for (const ending of ['\n', '\r\n']) {
      const octets = randomBytes((columns / 4) * 3 * 20);
      const text = latin1(
        octets.toString('base64').replace(new RegExp(`.{${columns}}`, 'g'), `$&${ending}`) + 'rest',
      );
      for (const begun of [0, 1, columns - 1, columns]) {
        const read = decodeLines(text.subarray(0, begun), text.subarray(begun));
        expect(read).toEqual({ taken: text.length - 'rest'.length - begun, octets });
      }
    }
  });

  it.each(['AAAA\r\n', 'A'.repeat(18) + '\n', 'A'.repeat(76), '', '\n', '\r\n'])(
    'is left to others where its lines are like %j',
    (text) => {
      expect(decodeLines(NOTHING, latin1(text))).toBeNull();
    },
  );

  it('is left to others where its lines are longer than a kilobyte', () => {
    expect(decodeLines(NOTHING, latin1('A'.repeat(1000) + '\n'))).toBeNull();
  });

  it('ends before the line with any other character, wherever in that it stands', () => {
    const line = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ABCDEFGHIJKL\r\n';
    for (let at = 0; at < line.length; at += 1) {
      for (let character = 0; character < 256; character += 1) {
        const text = latin1(line.repeat(3));
        text[line.length + at] = character;
        const isLine =
          at < 76 ? /[A-Za-z0-9+/]/.test(String.fromCharCode(character)) : character === line.charCodeAt(at);
        const read = decodeLines(NOTHING, text);
        expect(read?.taken).toBe(isLine ? line.length * 3 : line.length);
        expect(read?.octets).toEqual(
          Buffer.from(text.toString('latin1', 0, isLine ? line.length * 3 : line.length), 'base64'),
        );
      }
    }
  });
});

describe('a line that begins with a boundary', () => {
  const START = latin1('--ab');

  function slowly(text: string, afterCr: boolean) {
    const at = text.indexOf(`\n${START.toString()}`);
    const before = (afterCr ? '\r' : '\n') + (at < 0 ? text : text.slice(0, at));
    return { at, bareLf: /[^\r]\n/.test(before) };
  }

  it('is found as if one looked octet by octet', () => {
    const piece = fc.constantFrom(
      '\n',
      '\r\n',
      '\r',
      '-',
      '--a',
      '--ab',
      '\n--ab',
      '--ba',
      'x',
      'x'.repeat(14),
    );
    const pieces = fc.array(piece, { maxLength: 40 }).map((all) => all.join(''));
    fc.assert(
      fc.property(pieces, fc.boolean(), (text, afterCr) => {
        // What was there the time before must not show.
        findLine(Buffer.alloc(700, '\n--ab'), START, false);
        expect(findLine(latin1(text), START, afterCr)).toEqual(slowly(text, afterCr));
      }),
      { numRuns: 2000 },
    );
  });

  it('is found at the very end of a window', () => {
    const text = Buffer.alloc(WINDOW, 'x');
    text.write('\n--ab', WINDOW - 5, 'latin1');
    expect(findLine(text, START, false)).toEqual({ at: WINDOW - 5, bareLf: false });
    expect(findLine(text.subarray(0, WINDOW - 1), START, false)).toEqual({ at: -1, bareLf: true });
  });
});

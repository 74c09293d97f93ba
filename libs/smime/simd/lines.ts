// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Base64 in lines, and the search for delimiter lines, in WebAssembly: JavaScript has no way to look at sixteen octets
 * at once, and in OpenSSL's time for a mail these took as long again as OpenSSL (docs/decisions/0014).
 */
interface Lines {
  readonly memory: WebAssembly.Memory;
  free(): number;
  encodeLines(from: number, length: number, to: number): number;
  decodeLines(from: number, length: number, columns: number, crlf: number, to: number): number;
  findLine(from: number, length: number, start: number, startLength: number): number;
  readonly bareLf: WebAssembly.Global;
}

/** Octets that may be given at a time. */
export const WINDOW = 64 * 1024;
/** Octets to a line of 76 columns (RFC 2045 §6.8). */
export const LINE_OCTETS = 57;
/** Of base64, with its CRLF. */
export const LINE_LENGTH = 78;
const SHORTEST_LINE = 16;
/** A longer one is left to others. */
export const LONGEST_LINE = 1000;
const SLACK = 16;
const WASM_PAGE = 64 * 1024;
const CR = 0x0d;
const LF = 0x0a;

const wasm = new WebAssembly.Instance(
  new WebAssembly.Module(readFileSync(join(import.meta.dirname, 'lines.wasm'))),
).exports as Lines;

const INPUT = wasm.free() + SLACK;
const OUTPUT = INPUT + WINDOW + LONGEST_LINE + SLACK;
const END = OUTPUT + (WINDOW / LINE_OCTETS + 1) * LINE_LENGTH + SLACK;
wasm.memory.grow(Math.ceil(END / WASM_PAGE));
/** There is one for all calls, as none of them waits for anything. */
const memory = Buffer.from(wasm.memory.buffer);

/** The most whole lines that fit. */
const MOST_LINES = Math.floor(WINDOW / LINE_OCTETS);

/**
 * Base64 in lines of 76 columns with CRLF.
 *
 * @param octets a multiple of 57 of them.
 * @returns where the text ends in `out`.
 */
export function encodeLines(octets: Buffer, out: Buffer, start: number): number {
  let at = start;
  for (let from = 0; from < octets.length; from += MOST_LINES * LINE_OCTETS) {
    const some = octets.subarray(from, from + MOST_LINES * LINE_OCTETS);
    memory.set(some, INPUT);
    const end = wasm.encodeLines(INPUT, some.length, OUTPUT);
    out.set(memory.subarray(OUTPUT, end), at);
    at += end - OUTPUT;
  }
  return at;
}

/**
 * Octets of the lines at the start, as long as they are all of one length and nothing but base64 without padding: what
 * nearly every message is.
 *
 * @param begun the start of the first line, without a line end.
 * @param text goes on with that; at most {@link WINDOW} octets.
 * @returns how much of `text` those lines are, and their octets, which are overwritten by the next call of anything
 *   here; null where there is no such line.
 */
export function decodeLines(begun: Buffer, text: Buffer): { taken: number; octets: Buffer } | null {
  const lineEnd = text.indexOf(LF);
  const line = begun.length + lineEnd + 1;
  if (lineEnd < 0 || line > LONGEST_LINE) return null;
  memory.set(begun, INPUT);
  memory.set(text, INPUT + begun.length);
  const crlf = memory[INPUT + line - 2] === CR;
  const columns = line - (crlf ? 2 : 1);
  if (columns < SHORTEST_LINE || columns % 4 !== 0) return null;
  const lines = wasm.decodeLines(INPUT, begun.length + text.length, columns, crlf ? 1 : 0, OUTPUT);
  if (lines === 0) return null;
  const octets = memory.subarray(OUTPUT, OUTPUT + lines * (columns / 4) * 3);
  return { taken: lines * line - begun.length, octets };
}

/**
 * Looks for a line that begins with `start`, which has two dashes first; not at the very beginning.
 *
 * @param text at most {@link WINDOW} octets.
 * @param start in octets.
 * @param afterCr whether a CR stands before `text`.
 * @returns where the LF before that line stands, or -1, and whether there is an LF without a CR before that.
 */
export function findLine(text: Buffer, start: Buffer, afterCr: boolean): { at: number; bareLf: boolean } {
  memory[INPUT - 1] = afterCr ? CR : LF;
  memory.set(text, INPUT);
  memory.set(start, OUTPUT);
  const at = wasm.findLine(INPUT, text.length, OUTPUT, start.length);
  return { at, bareLf: wasm.bareLf.value !== 0 };
}

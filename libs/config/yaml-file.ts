// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { ConfigError } from './config-error.ts';

export interface YamlFile {
  /** A mapping; empty for an empty file. */
  settings: Record<string, unknown>;
  /** `securemail.yaml:12` for the setting at `path`, or for the nearest thing around it that the file has. */
  where(path: readonly PropertyKey[]): string;
}

export const NO_FILE: YamlFile = { settings: {}, where: () => 'configuration' };

/** The parser's own sentences quote the file, which may hold secrets: these do not. */
const FAULTS: Partial<Record<string, string>> = {
  BAD_INDENT: 'is indented differently from what it belongs to',
  TAB_AS_INDENT: 'is indented by a tab; YAML wants spaces',
  DUPLICATE_KEY: 'names a setting that already stands above',
  MISSING_CHAR: 'lacks a character: a closing quote or bracket, a comma, or the ":" after a name',
  MULTIPLE_DOCS: 'begins a second document ("---"); one is wanted',
  BLOCK_AS_IMPLICIT_KEY: 'has a ":" where none can stand: put the value in quotes',
  MULTILINE_IMPLICIT_KEY: 'lacks the ":" after a name',
};

/** Reads a YAML 1.2 file. @throws ConfigError where it cannot be read, is no YAML, or is no mapping. */
export function readYamlFile(path: string): YamlFile {
  const file = basename(path);
  const lines = new LineCounter();
  // The parser looks for a name among all before it, which takes minutes in a file of 60,000 people.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const document = parseDocument(readText(path), options);
  const faults = [
    ...document.errors.map(({ code, pos: [at] }) => ({ code, at })),
    ...repeatedNames(document).map((at) => ({ code: 'DUPLICATE_KEY', at })),
  ];
  if (faults.length > 0) {
    throw new ConfigError(
      faults.map(({ code, at }) => ({
        path: '',
        where: `${file}:${lines.linePos(at).line}`,
        problem: FAULTS[code] ?? `is not YAML here (${code})`,
        right: null,
      })),
    );
  }
  const settings: unknown = toSettings(document, file);
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw refusal(file, 'holds no settings', 'lines such as "database:"');
  }
  return {
    settings: settings as Record<string, unknown>,
    where: (at) => {
      const offset = offsetOf(document, at);
      return offset === null ? file : `${file}:${lines.linePos(offset).line}`;
    },
  };
}

/** Where names stand that stand in the same mapping before. */
function repeatedNames(document: Document): number[] {
  const found: number[] = [];
  visit(document, {
    Map(_, { items }) {
      const names = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (names.has(name)) found.push(startOf(key) ?? 0);
        names.add(name);
      }
    },
  });
  return found;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw refusal(path, `cannot be read (${code})`, 'the path of a readable file');
  }
}

function toSettings(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch {
    throw refusal(file, 'repeats itself by too many aliases ("*name")', 'the settings written out');
  }
}

const refusal = (where: string, problem: string, right: string) =>
  new ConfigError([{ path: '', where, problem, right }]);

/** Where the name of the setting stands, or that of the innermost group around it that is in the file. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | null {
  let node: unknown = document.contents;
  let offset: number | null = null;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? (node as Node).range?.[0] : undefined);

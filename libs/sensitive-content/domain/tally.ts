// SPDX-License-Identifier: Apache-2.0
import { findCpr } from './find-cpr.ts';
import { patternFinder } from './find-pattern.ts';
import { foldCase, wordFinder } from './find-words.ts';
import type { Findings, Place, UnreadReason } from './findings.ts';
import { foldText } from './fold-text.ts';
import type { Rule } from './rules.ts';

/** Different texts that are remembered for a rule and a place; more are not counted. */
const MOST = 10_000;

/** Applies rules to one text after the other, and counts. */
export interface Tally {
  /** @param text as it was extracted, not folded. */
  text: (where: Place, text: string) => void;
  unread: (where: Findings['unread'][number]['where'], because: UnreadReason) => void;
  /** All so far. */
  findings: () => Findings;
}

type Finder = (folded: string, withoutCase: () => string) => Iterable<string>;

/**
 * @param rules as `rulesSchema` lets pass.
 * @param today nobody with a CPR number is born after it.
 * @throws RefusedPatternError
 */
export function tally(rules: readonly Rule[], today: Date): Tally {
  const finders = rules.map((rule) => ({
    rule,
    find: finderOf(rule, today),
    seen: new Map<Place, Set<string>>(),
  }));
  const unread = new Map<string, Findings['unread'][number]>();
  return {
    text(where, text) {
      const folded = foldText(text);
      let folding: string | undefined;
      const withoutCase = () => (folding ??= foldCase(folded));
      for (const { find, seen } of finders) {
        const here = seen.get(where) ?? new Set();
        seen.set(where, here);
        for (const match of find(folded, withoutCase)) {
          if (here.size >= MOST) break;
          here.add(match);
        }
      }
    },
    unread(where, because) {
      unread.set(`${where} ${because}`, { where, because });
    },
    findings: () => ({
      found: finders.flatMap(({ rule, seen }) => (isEnough(rule, seen) ? counts(rule.name, seen) : [])),
      unread: [...unread.values()],
    }),
  };
}

function finderOf(rule: Rule, today: Date): Finder {
  switch (rule.kind) {
    case 'cpr':
      return (folded) => findCpr(folded, today);
    case 'words': {
      const find = wordFinder(rule.words.map(foldText));
      return (_, withoutCase) => find(withoutCase());
    }
    case 'pattern':
      return patternFinder(rule.pattern);
  }
}

function isEnough(rule: Rule, seen: ReadonlyMap<Place, ReadonlySet<string>>): boolean {
  if (rule.kind !== 'pattern' || rule.atLeast === undefined) return true;
  return new Set([...seen.values()].flatMap((matches) => [...matches])).size >= rule.atLeast;
}

function counts(rule: string, seen: ReadonlyMap<Place, ReadonlySet<string>>): Findings['found'] {
  return [...seen]
    .filter(([, { size }]) => size > 0)
    .map(([where, { size }]) => ({ rule, where, count: size }));
}

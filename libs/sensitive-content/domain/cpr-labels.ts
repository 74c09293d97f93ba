// SPDX-License-Identifier: Apache-2.0

/** Between a label and its number: `nr.`, `no:`, `er`, `is`, brackets and marks. */
const FILLER =
  /^[\s.:;#="'“”„(\[{<>*/-]*(?:(?:nr|nummer|number|num|no|id|er|is|ist|var|lautet|lyder|på|of|af|hans|hendes|for)(?![\p{L}\p{N}])[\s.:;#="'“”„(\[{<>*/-]*){0,3}$/iu;
/** Numbers of this form, of which several may have one label: `ordre 0101…, 0202… og `. */
const LISTED = /\d{6}[- ]?\d{4}["')\]]{0,2} ?(?:,|;|\/|&|og|and|und|eller|or|oder|samt)\s*/giu;

/** A sentence ends behind a word (`… at ringe. 0101…`), but for abbreviations (`tlf. 0101…`, `ordrenr. 0101…`). */
const SENTENCE_END = /^[.!?]\s/u;
const ABBREVIATED = /^\p{L}{1,4}$|n[ro]$/iu;

/** Whether these characters, from a word to a number, make the word the number's label. */
export const isLabel = (word: string, between: string): boolean =>
  FILLER.test(between.replace(LISTED, '')) && !(SENTENCE_END.test(between) && !ABBREVIATED.test(word));

/** Whether the word is the label of another number of the same form: `faktura 010161-… er erstattet af 020261-…`. */
export const isLabelOfAnother = (between: string): boolean => /\d{6}-\d{4}/u.test(between);

/** Whether two words with these characters between are one label: `customer_id`, `ordre nr.`. */
export const isJoint = (between: string): boolean => between === '_' || FILLER.test(between);

/** Before somebody's number: `kontrakten fra`, `faktura for`, `aftalen med`. */
const OF_SOMEBODY =
  /(?<![\p{L}\p{N}])(?:for|fra|til|på|om|af|hos|med|vedr|vedrørende|ang|angående|hans|hendes|from|to|of|with|about|by|regarding|concerning|für|von|über|bei|mit|wegen)[\s.:("'“”„]*$/iu;
/** `Ring på …` and `konto lyder på …` tell of no person. */
const NOT_OF_SOMEBODY = /(?:på|til|to|on)[\s.:("'“”„]*$/iu;
const CALLS = /^(?:ring|tlf|tele|phone|mobil|handy|fax|sms|whatsapp|call)/iu;
const READS = /(?:lyder|lautet) +\S*\s*$/iu;
/** Here begins something else: a sentence, a clause, what stands behind a phone number. */
const BREAK = /[;!?\n]|(?:^|(?<=\p{L})),|\.\s/u;
const BEHIND_CALLS = /(?<!\d)(?:\d{2} ?){3}\d{2}[ ,]/u;
/** `Faktura til: Bo Berg 0101…` */
const NAMED = /(?<=[\s:,(])\p{Lu}\p{Ll}+(?: \p{Lu}[\p{Ll}.]+)+[\s,:(-]*$/u;

/** Whether a word for something else tells of whoever has the number: then the number is not what the word calls it. */
export function isOfSomebody(word: string, between: string): boolean {
  if (!OF_SOMEBODY.test(between)) return false;
  return !(NOT_OF_SOMEBODY.test(between) && (CALLS.test(word) || READS.test(between)));
}

/** Whether a word for something else that is no label speaks of the number all the same. */
export function governs(word: string, between: string): boolean {
  if (isOfSomebody(word, between) || BREAK.test(between.replace(LISTED, ''))) return false;
  return CALLS.test(word) ? !BEHIND_CALLS.test(between) : !NAMED.test(between);
}

/** Before `nr.`, `nummer`, `ID` of a person, or nothing. */
const OWNER =
  /(?:^|\n|[.:;,!?]\s+|(?<!\p{L})(?:min|mit|mine|dit|din|hans|hendes|deres|barnets|personens|persons?|personal|identification|identity|security|my|your|his|her|their|national|danish|danske?|fulde|full|mein|meine|dänische)\s+)[\s("'>*-]*$/iu;

/** Whether a word for a number, behind these characters, speaks of somebody's or of nothing else. */
export const isOwn = (before: string): boolean => OWNER.test(before);

/** A word behind a number that is the label of what comes next. */
const NEXT_LABEL = /^[\s.]*(?:nr|no|nummer)?[\s.]*[:#=]|^[\s.]*(?:nr|no|nummer)?[.\s]*[+(]?\d/iu;
const NEXT_ITEM = /[,:.]/u;
/** `0101… (ordre)`, `0101… er mit ordrenummer`. */
const CALLED =
  /^[\s([-]*(?:(?:er|is|ist|som|as|als)\s+)?(?:(?:mit|vores|dit|my|our|your|the|a|et|en|unser|unsere)\s+)?$/iu;

/** What stands between a number and a word behind it, and behind that word: whether it speaks of the number. */
export const speaksOfNumber = (between: string, after: string): boolean =>
  !NEXT_ITEM.test(between) && !NEXT_LABEL.test(after);

/** Whether these characters, from a number to a word, call the number so. */
export const isCalled = (between: string): boolean => CALLED.test(between);

/** Whether these characters, from a number to a word, are a bracket, as in `0101… (cpr)`. */
export const isBracket = (between: string): boolean => /^\s*[([]\s*$/u.test(between);

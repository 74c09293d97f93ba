// SPDX-License-Identifier: Apache-2.0
import { domainToASCII } from 'node:url';
import { CsvError, parse, type Options } from 'csv-parse/sync';

/** Where a mailbox sends its mail on by itself. */
export interface Forwarding {
  /** In lower case, its domain as A-labels. */
  mailbox: string;
  /** Addresses in the same form, or somebody who is only called by names, or perhaps nobody. */
  to: (string | Called | Unshown)[];
}

/** In lower case, what tells most first: a legacyExchangeDN (`/o=…`), then a name; empty where nothing is known. */
export interface Called {
  called: readonly string[];
}

/** Some rule of the mailbox is there of which it is not shown what it does. */
export interface Unshown {
  /** So many rules the mailbox has, with those that are shown. */
  unshownAmong: number;
}

/** A row that says nothing that can be used. */
export interface ListFault {
  /** Of the file, from 1. */
  line: number;
  /** Names no address. */
  message: string;
}

export interface MailboxList {
  forwardings: Forwarding[];
  /** The addresses of mailboxes by what they are called, all in lower case; null where several are called so. */
  names: ReadonlyMap<string, string | null>;
  /** Of how many rules of a mailbox it says all that they do, as `Get-InboxRule` does. */
  rules: ReadonlyMap<string, number>;
  faults: ListFault[];
}

/** Whose mailbox it is, in the order of what is taken first. */
const MAILBOX = ['primarysmtpaddress', 'mailbox', 'mailboxownerid', 'emailaddress'];
/** Columns of `Get-InboxRule` that say to whom. */
const OF_RULES = ['forwardto', 'forwardasattachmentto', 'redirectto'];
/** And of `Get-Mailbox`; of `Get-MailUser` and `Get-MailContact`, where Exchange sends on what comes to them. */
const TARGETS = ['forwardingsmtpaddress', 'forwardingaddress', 'externalemailaddress', ...OF_RULES];
/** By these a mailbox is called in `ForwardingAddress`, and in rules that found it in the address book. */
const NAMES = ['name', 'identity', 'alias', 'displayname', 'distinguishedname', 'legacyexchangedn'];
/** A name, or an address of X.400, that may have separators in it. */
const ONE_TARGET = ['forwardingaddress', 'externalemailaddress'];

/** Every address of a mailbox, of `Get-Mailbox`: what is written to one of them goes where the mailbox forwards. */
const ADDRESSES = 'emailaddresses';

const READ: ReadonlySet<string> = new Set([...MAILBOX, ...TARGETS, ...NAMES, ADDRESSES, 'enabled']);

type Row = Record<string, string>;

/**
 * Reads a list of mailboxes as Exchange exports it: `Get-Mailbox` with `ForwardingAddress` and `ForwardingSmtpAddress`,
 * `Get-MailUser` or `Get-MailContact` with `ExternalEmailAddress`, or `Get-InboxRule` with `ForwardTo`,
 * `ForwardAsAttachmentTo` and `RedirectTo`, each by `Export-Csv` (RFC 4180, UTF-8; commas, semicolons or tabs). What is written to another of a mailbox's `EmailAddresses` goes to
 * that mailbox. Columns go by their name, in any order; others are passed over. A rule that is not `Enabled` forwards
 * nothing.
 *
 * @throws Error for a file that is no CSV, has no column for the mailbox or none for whom it forwards to, or one of them twice.
 */
export function readMailboxList(text: string): MailboxList {
  const { names, rows } = recordsOf(text);
  const twice = names.find((name, index) => READ.has(name) && names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`it has the column ${twice} twice`);
  const mailboxColumn = MAILBOX.find((name) => names.includes(name));
  if (mailboxColumn === undefined)
    throw new Error('it has no column for the mailbox: PrimarySmtpAddress, Mailbox or MailboxOwnerId');
  if (!TARGETS.some((name) => names.includes(name)))
    throw new Error(
      'it has no column for whom is forwarded to: ForwardingSmtpAddress, ForwardingAddress, ExternalEmailAddress, ForwardTo, ForwardAsAttachmentTo or RedirectTo',
    );

  const addressOf = ({ [mailboxColumn]: value = '' }: Row) => plainAddress(value);
  const called = new Map<string, string | null>();
  // Rules have names of their own.
  const named = OF_RULES.some((name) => names.includes(name)) ? [] : rows;
  for (const { row } of named) {
    const address = addressOf(row);
    if (address === null) continue;
    const own = [...NAMES.map((name) => row[name] ?? ''), ...formerNamesIn(row[ADDRESSES] ?? '')];
    noteNames(called, new Map(own.map((name) => [name.toLowerCase(), address])));
  }
  called.delete('');

  const isOfRules = OF_RULES.every((name) => names.includes(name));
  const rules = new Map<string, number>();
  const forwardings: Forwarding[] = [];
  const faults: ListFault[] = [];
  for (const { row, line, isRagged } of rows) {
    if (isRagged) faults.push({ line, message: 'it has more or fewer fields than the first line names' });
    const mailbox = addressOf(row);
    if (isOfRules && mailbox !== null && !isRagged) rules.set(mailbox, (rules.get(mailbox) ?? 0) + 1);
    if (row['enabled']?.toLowerCase() === 'false') continue;
    const to = TARGETS.flatMap((name) =>
      (ONE_TARGET.includes(name) ? [row[name] ?? ''] : inParts(row[name] ?? '')).flatMap(targetsIn),
    );
    if (mailbox !== null)
      for (const alias of aliasesIn(row[ADDRESSES] ?? ''))
        if (alias !== mailbox) forwardings.push({ mailbox: alias, to: [mailbox] });
    if (to.length === 0) continue;
    if (mailbox === null) faults.push({ line, message: 'it forwards, and its mailbox has no address' });
    else forwardings.push({ mailbox, to: [...new Set(to)] });
  }
  return { forwardings, names: called, rules, faults };
}

/** A name that is of two mailboxes is of none. */
export function noteNames(
  all: Map<string, string | null>,
  more: ReadonlyMap<string, string | null>,
): Map<string, string | null> {
  for (const [name, address] of more)
    all.set(name, !all.has(name) || all.get(name) === address ? address : null);
  return all;
}

function recordsOf(text: string): { names: string[]; rows: { row: Row; line: number; isRagged: boolean }[] } {
  let names: string[] = [];
  // Windows PowerShell writes this line before the names unless it is told not to.
  const typed = /^\uFEFF?#TYPE [^\n]*\n/.exec(text)?.[0] ?? '';
  const records = parsed(text.slice(typed.length), {
    bom: true,
    columns: (titles: string[]) => (names = titles.map((title) => title.trim().toLowerCase())),
    delimiter: delimiterOf(text.slice(typed.length)),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const before = typed === '' ? 0 : 1;
  let ragged = 0;
  const rows = records.map(({ record, info }) => {
    const isRagged = info.invalid_field_length > ragged;
    ragged = info.invalid_field_length;
    return { row: record, line: info.lines + before, isRagged };
  });
  return { names, rows };
}

interface RecordRead {
  record: Row;
  info: { lines: number; invalid_field_length: number };
}

/** @throws Error that quotes nothing of it, as the parser's does. */
function parsed(text: string, options: Options): RecordRead[] {
  try {
    return parse(text, options) as unknown as RecordRead[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line: unknown = error['lines'];
    // What stands behind the colon may quote it.
    const [what] = error.message.split(':', 1);
    throw new Error(`it is no CSV: ${what}${typeof line === 'number' ? `, line ${line}` : ''}`);
  }
}

/** What stands most often in the line of names. */
function delimiterOf(text: string): string {
  const [names = ''] = text.split('\n', 1);
  const count = (character: string) => names.split(character).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

const ADDRESS = String.raw`[^\s"'<>\[\]:;,]+@[^\s"'<>\[\]:;,]+`;
const WHOLE_ADDRESS = new RegExp(`^(?:smtp:)?(${ADDRESS})$`, 'i');
/** As an inbox rule names people: `"Kim" [SMTP:kim@citizen.example]`, or `[EX:/o=…]` for whom it found in the address book. */
const IN_BRACKETS = /^"?([^"]*?)"?\s*\[([a-z0-9]+):([^\]]*)\]$/i;
/** In place of how an address is written, in a list that `writeMailboxList` made. */
export const UNSHOWN = 'UNSHOWN';
/** What stands between separators, which count neither in quotes nor in brackets. */
const PART = /(?:"[^"]*"|\[[^\]]*\]|[^;,"[\]]|["[\]])+/g;

/** As addresses are everywhere else here: in lower case, NFC, and the domain as A-labels (RFC 5890 §2.3.2.1). */
function inOneForm(address: string): string {
  const text = lower(address);
  const at = text.lastIndexOf('@') + 1;
  return text.slice(0, at) + (domainToASCII(text.slice(at)) || text.slice(at));
}

function plainAddress(value: string): string | null {
  const address = WHOLE_ADDRESS.exec(value)?.[1];
  return address === undefined ? null : inOneForm(address);
}

/** `SMTP:anna@demo.example;smtp:a.ager@demo.example;X500:/o=…` */
const aliasesIn = (value: string): string[] =>
  [...value.matchAll(new RegExp(`smtp:(${ADDRESS})`, 'gi'))].map(([, address = '']) => inOneForm(address));

/** What a mailbox was called before it was moved: rules that were made then still call it so. */
const formerNamesIn = (value: string): string[] =>
  [...value.matchAll(/x500:([^;]+)/gi)].map(([, name = '']) => name.trim());

const inParts = (value: string): string[] => Array.from(value.matchAll(PART), ([part]) => part.trim());

function targetsIn(part: string): (string | Called | Unshown)[] {
  if (part === '' || part === '$null') return [];
  const [, name = '', kind = '', value = ''] = IN_BRACKETS.exec(part) ?? [];
  if (kind.toUpperCase() === 'EX')
    return [{ called: [value, name].map(lower).filter((each) => each !== '') }];
  if (kind.toUpperCase() === UNSHOWN && /^\d+$/.test(value)) return [{ unshownAmong: Number(value) }];
  // Of what is neither, such as a telephone, nobody knows where it is.
  if (kind !== '') return [plainAddress(value) ?? { called: [] }];
  const addresses = part.match(new RegExp(ADDRESS, 'gi'))?.map(inOneForm) ?? [];
  // A name with quotes of its own hides where it ends, and who else stands in there.
  if (/\[EX:/i.test(part)) return [...addresses, { called: [] }];
  return addresses.length > 0 ? addresses : [{ called: [lower(part)] }];
}

const lower = (text: string): string => text.trim().toLowerCase().normalize('NFC');

// SPDX-License-Identifier: Apache-2.0
import { parse } from 'csv-parse/sync';

/** Where a mailbox sends its mail on by itself. */
export interface Forwarding {
  /** In lower case. */
  mailbox: string;
  /** Addresses in lower case; null: somebody of whom the list gives no address. */
  to: (string | null)[];
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
  faults: ListFault[];
}

/** Whose mailbox it is, in the order of what is taken first. */
const MAILBOX = ['primarysmtpaddress', 'mailbox', 'mailboxownerid', 'emailaddress'];
/** Columns of `Get-Mailbox` and `Get-InboxRule` that say to whom. */
const TARGETS = [
  'forwardingsmtpaddress',
  'forwardingaddress',
  'forwardto',
  'forwardasattachmentto',
  'redirectto',
];
/** Names by which a mailbox is called in `ForwardingAddress`. */
const NAMES = ['name', 'identity', 'alias', 'displayname', 'distinguishedname'];

/** Every address of a mailbox, of `Get-Mailbox`: what is written to one of them goes where the mailbox forwards. */
const ADDRESSES = 'emailaddresses';

type Row = Record<string, string>;

/**
 * Reads a list of mailboxes as Exchange exports it: `Get-Mailbox` with `ForwardingAddress` and `ForwardingSmtpAddress`,
 * or `Get-InboxRule` with `ForwardTo`, `ForwardAsAttachmentTo` and `RedirectTo`, each by `Export-Csv` (RFC 4180, UTF-8;
 * commas, semicolons or tabs). What is written to another of a mailbox's `EmailAddresses` goes to that mailbox. Columns go by their name, in any order; others are passed over. A rule that is not
 * `Enabled` forwards nothing.
 *
 * @throws Error for a file that is no CSV, or has no column for the mailbox or none for whom it forwards to.
 */
export function readMailboxList(text: string): MailboxList {
  const { names, rows } = recordsOf(text);
  const mailboxColumn = MAILBOX.find((name) => names.includes(name));
  if (mailboxColumn === undefined)
    throw new Error('it has no column for the mailbox: PrimarySmtpAddress, Mailbox or MailboxOwnerId');
  if (!TARGETS.some((name) => names.includes(name)))
    throw new Error(
      'it has no column for whom is forwarded to: ForwardingSmtpAddress, ForwardingAddress, ForwardTo, ForwardAsAttachmentTo or RedirectTo',
    );

  const addressOf = ({ [mailboxColumn]: value = '' }: Row) => plainAddress(value);
  const called = new Map<string, string>();
  for (const { row } of rows) {
    const address = addressOf(row);
    if (address !== null) for (const name of NAMES) called.set((row[name] ?? '').toLowerCase(), address);
  }
  called.delete('');

  const forwardings: Forwarding[] = [];
  const faults: ListFault[] = [];
  for (const { row, line } of rows) {
    if (row['enabled']?.toLowerCase() === 'false') continue;
    const to = TARGETS.flatMap((name) => targetsIn(row[name] ?? '', called));
    const mailbox = addressOf(row);
    if (mailbox !== null)
      for (const alias of aliasesIn(row[ADDRESSES] ?? ''))
        if (alias !== mailbox) forwardings.push({ mailbox: alias, to: [mailbox] });
    if (to.length === 0) continue;
    if (mailbox === null) faults.push({ line, message: 'it forwards, and its mailbox has no address' });
    else forwardings.push({ mailbox, to: [...new Set(to)] });
  }
  return { forwardings, faults };
}

function recordsOf(text: string): { names: string[]; rows: { row: Row; line: number }[] } {
  let names: string[] = [];
  // Windows PowerShell writes this line before the names unless it is told not to.
  const typed = /^\uFEFF?#TYPE [^\n]*\n/.exec(text)?.[0] ?? '';
  const records = parse(text.slice(typed.length), {
    bom: true,
    columns: (titles: string[]) => (names = titles.map((title) => title.trim().toLowerCase())),
    delimiter: delimiterOf(text.slice(typed.length)),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  }) as unknown as { record: Row; info: { lines: number } }[];
  const before = typed === '' ? 0 : 1;
  return { names, rows: records.map(({ record, info }) => ({ row: record, line: info.lines + before })) };
}

/** What stands most often in the line of names. */
function delimiterOf(text: string): string {
  const [names = ''] = text.split('\n', 1);
  const count = (character: string) => names.split(character).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

const ADDRESS = String.raw`[^\s"'<>\[\]:;,]+@[^\s"'<>\[\]:;,]+`;
const WHOLE_ADDRESS = new RegExp(`^(?:smtp:)?(${ADDRESS})$`, 'i');
/** As an inbox rule names people: `"Kim" [SMTP:kim@citizen.example]`; `[EX:/o=…]` is somebody of the own organisation. */
const IN_BRACKETS = /\[(SMTP|EX):([^\]]*)\]/gi;

const plainAddress = (value: string): string | null => WHOLE_ADDRESS.exec(value)?.[1]?.toLowerCase() ?? null;

/** `SMTP:anna@demo.example;smtp:a.ager@demo.example;X500:/o=…` */
const aliasesIn = (value: string): string[] =>
  [...value.matchAll(new RegExp(`smtp:(${ADDRESS})`, 'gi'))].map(([, address = '']) => address.toLowerCase());

function targetsIn(value: string, called: ReadonlyMap<string, string>): (string | null)[] {
  if (value === '' || value === '$null') return [];
  const bracketed = [...value.matchAll(IN_BRACKETS)];
  if (bracketed.length > 0)
    return bracketed
      .filter(([, kind]) => kind?.toUpperCase() === 'SMTP')
      .map(([, , address = '']) => plainAddress(address));
  const addresses = value.match(new RegExp(ADDRESS, 'gi'));
  if (addresses !== null) return addresses.map((address) => address.toLowerCase());
  // The name of a mailbox of the list, or of a contact, which is somebody outside.
  return [called.get(value.toLowerCase()) ?? null];
}

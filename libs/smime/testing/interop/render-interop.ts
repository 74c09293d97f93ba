// SPDX-License-Identifier: Apache-2.0
import { ROWS, type Row } from './rows.ts';
import type { Recorded, Results } from './results.ts';
import type { Outcome } from './run-cell.ts';

const GROUPS: readonly Row['group'][] = ['Signatures', 'Content keys', 'Content', 'Layers and recipients'];

const INTRODUCTION = `What libs/smime makes and opens, tried with other programs, both ways: _opens ours_ is a message of ours that the
program opens, _makes_ is one that it makes and we open. Every cell is done for real by
\`libs/smime/testing/interop/interop.test.ts\`, which fails where it goes otherwise than this page says, also where a
program has learned something.`;

const LEGEND = `**yes**: the content came out as it went in, and signatures were good. **no**: the program refused, or we refused what it
makes; the number tells with which words, below. **–**: it was not asked or did something else, for the reason below.

A detached signature is the two parts of a multipart/signed, anything else a CMS object. None of these programs looks at
header fields, so header protection (RFC 9788) is content to them. \`cmsutil\` and \`gpgsm\` choose by themselves what the
recipient's certificate does not say: the cipher in rows that are not about it may be another one.

gpgsm 2.4 writes id-ecPublicKey before the sender's X25519 key, where RFC 8418 §3.2 wants
id-X25519: we do not open that.`;

/** The results as a page of Markdown: docs/interop.md is this, and a test fails when it is not. */
export function renderInterop(results: Results): string {
  const columns = Object.entries(results).flatMap(([peer, versions = {}]) =>
    Object.entries(versions).flatMap(([version, recorded]) =>
      recorded === undefined ? [] : [{ title: `${peer} ${version}`, recorded, notes: notesOf(recorded) }],
    ),
  );
  const tables = GROUPS.flatMap((group) => [
    `## ${group}`,
    [
      `| | ${columns.map(({ title }) => `${title} opens ours | makes`).join(' | ')} |`,
      `|---|${'---|'.repeat(columns.length * 2)}`,
      ...ROWS.filter((row) => row.group === group).map(({ name }) => {
        const cells = columns.flatMap(({ recorded, notes }) => [
          cell(recorded.ours[name], notes),
          cell(recorded.theirs[name], notes),
        ]);
        return `| ${name} | ${cells.join(' | ')} |`;
      }),
    ].join('\n'),
  ]);
  const notes = columns
    .filter((column) => column.notes.length > 0)
    .flatMap(({ title, notes: said }) => [
      `### ${title}`,
      said.map((note, i) => `${i + 1}. ${worded(note)}`).join('\n'),
    ]);
  return [
    '# Interoperability',
    '<!-- Written by `npm run docs` from libs/smime/testing/interop/results.json. Do not edit. -->',
    INTRODUCTION,
    ...tables,
    LEGEND,
    '## What they say',
    ...notes,
    '',
  ].join('\n\n');
}

/** Every way of not working, once. */
const notesOf = ({ ours, theirs }: Recorded): string[] => [
  ...new Set([...Object.values(ours), ...Object.values(theirs)].filter((outcome) => outcome !== 'works')),
];

function cell(outcome: Outcome | undefined, notes: readonly string[]): string {
  if (outcome === undefined) return '';
  if (outcome === 'works') return 'yes';
  return `${outcome.startsWith('not run:') ? '–' : 'no'} (${notes.indexOf(outcome) + 1})`;
}

function worded(note: string): string {
  const [kind = '', ...rest] = note.split(': ');
  const text = rest.join(': ');
  if (kind === 'not run') return `not tried: ${text}`;
  return `${kind === 'no' ? 'it says' : 'we say'} \`${text}\``;
}

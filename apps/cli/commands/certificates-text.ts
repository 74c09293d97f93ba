// SPDX-License-Identifier: Apache-2.0
import type { CertificateView, EntryView, ImportOutcome } from '@securemail/crypto';

/** Names come from certificates and lists of others: what would steer a terminal is not printed. */
export const plain = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

export const entryLine = (entry: EntryView): string =>
  plain(
    [
      entry.state,
      entry.kind,
      entry.name,
      entry.sha256.slice(0, 16),
      entry.source,
      `until ${dayOf(entry.notAfter)}`,
      entry.state === 'valid' ? '' : entry.reason,
    ]
      .filter((part) => part !== '')
      .join('  '),
  );

export const candidateLine = (candidate: EntryView & { used: boolean }): string =>
  `${candidate.used ? 'used  ' : 'not   '}${entryLine(candidate)}${
    !candidate.used && candidate.obstacle === null ? '  another one comes first or holds longer' : ''
  }${candidate.check === null ? '' : plain(`  (${candidate.check.detail})`)}`;

export function outcomeLine(outcome: ImportOutcome): string {
  if (outcome.result === 'refused') return plain(`${outcome.place}: refused: ${outcome.reason}`);
  const { place, result, kind, name, sha256, state, reason } = outcome;
  return plain(`${place}: ${result}: ${kind} ${name}, ${sha256.slice(0, 16)}, ${state}: ${reason}`);
}

/** Everything about one, for a person; a line for each thing. */
export function certificateText(view: CertificateView): string {
  const history = view.history.map(
    ({ at, change, kind, name, by, reason }) =>
      `history     ${at.toISOString()} ${change} for ${kind} ${name} by ${by}: ${reason}`,
  );
  const [first] = view.entries;
  if (first === undefined)
    return `${[`SHA-256     ${view.sha256}`, 'it is used for nobody any more', ...history].map(plain).join('\n')}\n`;
  const lines = [
    `SHA-256     ${view.sha256}`,
    `subject     ${first.subject}`,
    `issuer      ${first.issuer}`,
    `validity    ${dayOf(first.notBefore)} to ${dayOf(first.notAfter)}`,
    `names       ${[...view.addresses, ...view.domains].join(', ')}`,
    `key         ${view.key ?? ''}`,
    `key usage   ${view.keyUsage?.join(', ') ?? 'not restricted'}`,
    `encryption  ${view.encryption ?? 'nothing can be encrypted for it'}`,
    `reads       ${view.capabilities?.join(', ') ?? 'it does not say'}`,
    ...(view.path === null
      ? ['path        none to an authority that is trusted']
      : view.path.map(
          ({ subject, sha256 }, index) =>
            `${index === 0 ? 'path    ' : '        '}    ${subject} (${sha256.slice(0, 16)})`,
        )),
    ...view.entries.flatMap(({ kind, name, source, state, reason, provenance, check }) => [
      `entry       ${kind} ${name}: ${state}: ${reason}`,
      `            from ${source}${provenance === null ? '' : `, ${provenance.addedAt.toISOString()} by ${provenance.addedBy}: ${provenance.reason}`}`,
      ...(check === null ? [] : [`            asked ${check.checkedAt.toISOString()}: ${check.detail}`]),
    ]),
    ...history,
  ];
  return `${lines.map(plain).join('\n')}\n${view.pem ?? ''}`;
}

// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import { domainOf, readAddress, recipientId, type Address } from '@securemail/contracts';
import type { Outside, OutsideSettings } from '@securemail/service';
import { mailServersOf, routeOf } from '@securemail/tls-policy';
import { reportMail, SIGNED_FIELDS, type ReportMail } from '../domain/report-mail.ts';
import { attempt } from './attempt.ts';
import type { DkimKey } from './dkim-keys.ts';
import { failingHops } from './failing-hops.ts';
import { deferred, refused, type Handed } from './handed-report.ts';
import { idleSessions } from './idle-sessions.ts';
import { withAddresses } from './routes.ts';
import type { NextHop, SmtpTimes } from './smtp-connection.ts';

export interface MailOptions {
  outside: Pick<Outside, 'resolver' | 'addressesOf'>;
  routes: OutsideSettings['routes'];
  dkim: DkimKey;
  contact: Address;
  times: SmtpTimes;
}

/**
 * Mails a report, signed with DKIM (RFC 8460 §5.3). It is no email of anybody: no job, no event. Whatever TLS is like
 * there, it goes, in clear at last, for it may be the very news that TLS fails (RFC 8460 §3, §5.3.1); and it is not counted.
 */
export async function mailReport(
  report: Omit<ReportMail, 'contact' | 'submitter'>,
  { outside, routes, dkim, contact, times }: MailOptions,
): Promise<Handed> {
  const read = readAddress(report.to);
  if (!read.ok || !/^[\x21-\x7e]+$/.test(read.address)) return refused('address-unusable');
  const { domain, selector, privateKey } = dkim;
  const mail = { ...report, to: read.address, contact, submitter: domain };
  const text = Buffer.from(reportMail(mail), 'latin1');
  const { signatures } = await dkimSign(text, {
    canonicalization: 'relaxed/relaxed',
    signTime: report.date,
    headerList: SIGNED_FIELDS,
    signatureData: [{ signingDomain: domain, selector, privateKey }],
  });
  if (signatures === '') return refused('dkim-failed');
  const content = Buffer.concat([Buffer.from(signatures, 'latin1'), text]);
  const hops = await hopsOf(domainOf(read.address), outside, routes);
  if (hops.length === 0) return deferred('no-mail-server');
  const handover = {
    mailFrom: contact,
    recipients: [{ recipientId: recipientId(1), address: read.address }],
    size: content.length,
    mustVerify: false,
    use8BitMime: false,
    is8Bit: () => Promise.resolve(false),
    open: () => Readable.from([content]),
  };
  const { results } = await attempt({ kind: 'hops', hops }, handover, {
    times,
    idle: idleSessions(0),
    failing: failingHops(),
    greeted: () => undefined,
  });
  const result = results[0]?.result;
  if (result?.kind === 'delivered') return { kind: 'delivered' };
  return result?.kind === 'refused' ? refused('smtp-refused') : deferred('smtp-failed');
}

/** Every server in TLS as it offers it; then, where none took it so, in clear. */
async function hopsOf(
  domain: string,
  outside: MailOptions['outside'],
  routes: MailOptions['routes'],
): Promise<NextHop[]> {
  const route = routeOf(domain, routes);
  const found = route === undefined ? await mailServersOf(domain, outside.resolver) : null;
  const servers = route !== undefined ? [route] : found?.kind === 'servers' ? found.servers : [];
  const hosts = servers.map(({ host, port }): NextHop => ({ host, port, tls: { kind: 'opportunistic' } }));
  const { hops } = await withAddresses(hosts, outside);
  return [...hops, ...hops.map((hop) => ({ ...hop, tls: { kind: 'none' as const } }))];
}

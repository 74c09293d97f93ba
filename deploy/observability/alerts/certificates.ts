// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from '../alert.ts';
import { label } from '../label.ts';

/** How long the one that ends first still holds, in each place. */
const ownCertificate = `min by (${label('tlsPlace')}) (${scraped(METRIC.ownCertificates)})`;

/** Of certificates and keys. */
export const CERTIFICATE_ALERTS: readonly Alert[] = [
  {
    name: 'CertificatesWantAttention',
    severity: 'ticket',
    expr: `max by (${label('certificateState')}) (${scraped(METRIC.certificates)}{${label('certificateState')}=~"conflicting|revoked"}) > 0`,
    for: '1h',
    summary: `Certificates that are {{ $labels.${label('certificateState')} }}: {{ $value }}`,
    means: 'Mail for whom they name goes another way, or is held.',
    look: ['`securemail certificates list --state conflicting`, or `revoked`.'],
    act: [
      'Ask the partner which one counts, and remove the other one: `securemail certificates remove`. What wants attention is counted again each hour: it is quiet by then.',
    ],
  },
  {
    name: 'OwnKeysEnd',
    severity: 'ticket',
    expr: `max by (${label('reason')}) (${scraped(METRIC.ownKeysEnding)}{${label('reason')}=~"nobody signs|expires within (30|7) days"}) > 0`,
    for: '1h',
    summary: `Keys of our addresses or domains, {{ $labels.${label('reason')} }}: {{ $value }}`,
    means:
      'Without a key that holds nothing is signed for them: their mail is held, or goes another way, and theirs from outside is not opened.',
    look: ['`securemail keys list`: which, and until when.'],
    act: [
      '`securemail keys csr`, and `keys import` of what the authority issues. The old key stays for opening. It is counted again within the hour.',
    ],
  },
  {
    name: 'OwnCertificatesEnd',
    severity: 'ticket',
    expr: `0 < ${ownCertificate} < 1209600`,
    for: '1h',
    summary: `Our TLS certificate ({{ $labels.${label('tlsPlace')} }}) ends in {{ $value | humanizeDuration }}`,
    means:
      'What the gateway proves itself with ends within two weeks: at the port for who hands in mail (`submission`) or for mail from outside (`inbound`), or to own mail servers (`mail-route`). From then on whoever verifies it hands in no mail, and own mail servers take none.',
    look: [
      'The log of intake and delivery: `a certificate of ours wants a successor`, with its setting and its end.',
      'What renews it (an ACME client, say), and its last run.',
      '`a certificate of ours can not be read`: the files were replaced by what is no pair, and the former one is in use.',
    ],
    act: [
      'Put the new certificate, with its chain, and its key into the files that the setting names. They are in use two minutes later at the latest; nothing has to be started anew.',
    ],
  },
  {
    name: 'OwnCertificatesEnded',
    severity: 'page',
    expr: `${ownCertificate} <= 0`,
    for: '1m',
    summary: `Our TLS certificate ({{ $labels.${label('tlsPlace')} }}) has ended`,
    means:
      'Whoever verifies it is turned away by himself: programs that hand in mail (`submission`), gateways of others that insist on TLS (`inbound`), own mail servers that know us by it (`mail-route`). Their mail waits with them, or here.',
    look: [
      'The log of intake and delivery: `a certificate of ours wants a successor`, with its setting and its end.',
      '`securemail.tls.failures` with `securemail.reason` `certificate-refused`: whether somebody is turned away already. Not all who are say so.',
    ],
    act: [
      'Put a new certificate, with its chain, and its key into the files that the setting names. They are in use two minutes later at the latest.',
      'Mail that waits elsewhere comes by itself; programs that do not try again have to be told.',
    ],
  },
];

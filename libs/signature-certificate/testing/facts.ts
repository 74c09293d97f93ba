// SPDX-License-Identifier: Apache-2.0
import { EmailId, Sha256, TenantId } from '@securemail/contracts';
import type { SignatureCertificateFacts } from '../facts/facts.ts';

/** What a certificate for a mail to a person with a certificate of his own says. */
export const sentFacts = (over: Partial<SignatureCertificateFacts> = {}): SignatureCertificateFacts => ({
  version: 1,
  emailId: EmailId.parse('01890a5d-ac96-774b-bcce-b302099a8057'),
  tenantId: TenantId.parse('demo'),
  organisation: { name: 'Demo Kommune', domain: 'demo.example' },
  direction: 'outbound',
  madeAt: '2026-03-02T09:41:07.000Z',
  from: ['anna@demo.example'],
  to: ['bo@citizen.example'],
  messageId: '<1@demo.example>',
  summary: { kind: 'sent', method: 'smime-personal' },
  legs: [
    {
      from: 'sender',
      to: 'gateway',
      host: null,
      protection: { by: 'tls', protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', verifiedBy: 'client' },
    },
    { from: 'gateway', to: 'recipient', host: null, protection: { by: 'smime' } },
  ],
  signatures: [],
  encryption: [
    {
      contentEncryption: 'aes-256-cbc',
      authenticated: false,
      keyEncryption: 'rsaes-oaep',
      certificates: [Sha256.parse('ab'.repeat(32))],
      problems: [],
    },
  ],
  authentication: null,
  reservations: [],
  entity: { sha256: Sha256.parse('cd'.repeat(32)), octets: 1234 },
  ...over,
});

/** What a certificate for a mail from another organisation says, with everything in it. */
export const receivedFacts = (over: Partial<SignatureCertificateFacts> = {}): SignatureCertificateFacts =>
  sentFacts({
    direction: 'inbound',
    from: ['bo@citizen.example'],
    to: ['anna@demo.example'],
    summary: { kind: 'received', verdict: 'valid-but', arrival: 'tls' },
    legs: [
      {
        from: 'sender-server',
        to: 'gateway',
        host: 'mail.citizen.example',
        protection: {
          by: 'tls',
          protocol: 'TLSv1.2',
          cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
          verifiedBy: null,
        },
      },
      {
        from: 'gateway',
        to: 'own-server',
        host: null,
        protection: { by: 'tls', protocol: null, cipher: null, verifiedBy: 'own-servers' },
      },
    ],
    signatures: [
      {
        algorithm: 'rsassa-pkcs1-v1_5',
        digest: 'sha256',
        signingTime: '2026-03-02T09:40:00.000Z',
        by: 'person',
        verified: true,
        certificate: {
          subject: 'C=DK, O=Borger, CN=Bo Ærøskøbing',
          issuer: 'C=DK, O=Authority, CN=Authority CA',
          serial: '1f2e3d',
          sha256: Sha256.parse('ef'.repeat(32)),
          names: ['bo@citizen.example'],
          notBefore: '2025-01-01T00:00:00.000Z',
          notAfter: '2027-01-01T00:00:00.000Z',
          key: { type: 'rsa', bits: 3072 },
        },
        judgement: 'trusted',
        revocation: 'unknown',
        problems: [],
      },
    ],
    authentication: {
      spf: { result: 'pass', domain: 'citizen.example' },
      dkim: [{ result: 'pass', domain: 'citizen.example' }],
      dmarc: { result: 'pass', domain: 'citizen.example' },
      arc: null,
    },
    reservations: ['revocation-unknown', 'from-another-version'],
    ...over,
  });

// SPDX-License-Identifier: Apache-2.0
import { authenticationResults, type NewEvent } from '@securemail/contracts';
import { headerAlone, type Header } from '@securemail/mime';
import { carriesSignatureCertificate, type UnopenedFacts } from '@securemail/signature-certificate';
import type { EncryptedLayer } from '@securemail/smime';
import { reached } from '@securemail/telemetry';
import { receivedFacts, wasEncrypted } from '../domain/received/certificate-facts.ts';
import { withMarks, type Marks } from '../domain/received/marks.ts';
import { tagFor, withSubjectTag } from '../domain/received/subject-tag.ts';
import { signatureInEvent, type Judged } from '../domain/received/verdict.ts';
import { isKnownOnlyAtTheTop } from '../domain/known-at-the-top.ts';
import { withCertificate } from './attached-certificate.ts';
import type { OpeningMeans, Readers, Received } from './received.ts';
import type { Message } from './received-message.ts';
import { tapped } from './tapped.ts';

export interface ToStore {
  header: Header;
  judged: Pick<Judged, 'verdict' | 'reservations' | 'signatures'>;
  signedBy: readonly string[];
  /** Those that were opened, and how deep each lay. */
  encryptions: readonly { layer: EncryptedLayer; depth: number }[];
  /** Why it was not opened. */
  closed: UnopenedFacts | null;
  /** Whether a Signature certificate may stand beside it. */
  certifiable: boolean;
  neutralised: boolean;
  /** It was signed, and comes to its reader without that. */
  unsigned: boolean;
  /** A mail is attached to it that is signed or encrypted by itself. */
  attachedProtected: boolean;
  /** The message with this header in place of its own. */
  message: (header: Header) => Message;
}

/** Stores what readers get, marked and, where it was opened, with its Signature certificate, and says so. */
export async function storeOpened(
  { protectedMessageId, recipients, certifying, subjectTags }: Readers,
  received: Received,
  { vault, at, progressed }: OpeningMeans,
  {
    header,
    judged,
    signedBy,
    encryptions,
    closed,
    certifiable,
    neutralised: changed,
    unsigned,
    attachedProtected,
    message,
  }: ToStore,
): Promise<NewEvent<'EmailOpened'>> {
  const { verdict, reservations } = judged;
  const protection = encryptions.length > 0 || wasEncrypted(closed) ? 'smime' : arrivedBy(received);
  const tag = tagFor({ verdict, protection }, subjectTags);
  const nobody = typeof certifying === 'string' ? certifying : null;
  const isCertifiable = certifiable && !isKnownOnlyAtTheTop(await headerAlone(message(header)()));
  const certificate = nobody ?? (isCertifiable ? 'attached' : 'left-as-it-came');
  const marked = withMarks(withSubjectTag(header, tag, subjectTags), {
    verdict,
    reservations,
    signedBy,
    protection,
    unopened: closed?.code ?? null,
    encryptedFor: closed?.encryptedFor ?? [],
    neutralised: changed,
    certificate,
  });
  const plain = message(marked.prepend('Authentication-Results', resultsOf(received)));
  const attached =
    typeof certifying === 'string' || !isCertifiable
      ? plain
      : await withCertificate(
          plain,
          receivedFacts({
            ...received,
            organisation: certifying.organisation,
            madeAt: at,
            header: marked,
            judged,
            encryptions: encryptions.map(({ layer }) => layer),
            neutralised: changed,
            broughtAnother: await carriesSignatureCertificate(plain()),
            unsigned,
            attachedProtected,
            closed,
          }),
          certifying,
        );
  const content = await vault.put(received, tapped(attached(), progressed));
  reached('crypto:message-stored');
  return {
    name: 'EmailOpened',
    data: {
      protectedMessageId,
      recipientIds: recipients.map(({ recipientId }) => recipientId),
      content,
      deadlineAt: received.deadlineAt,
      verdict,
      reservations: [...reservations],
      signatures: judged.signatures.map(signatureInEvent),
      encryptions: encryptions.map(({ layer, depth }) => ({
        layer: depth,
        algorithm: layer.contentEncryption,
        keyEncryption: layer.keyEncryption,
        certificateSha256: layer.certificate.sha256,
      })),
      unopened: closed?.code ?? null,
      neutralised: changed,
      certificate,
    },
    personal: { mailFrom: received.returnPath, recipients: [...recipients], signedBy: [...signedBy] },
  };
}

const arrivedBy = ({ channel, arrival }: Received): Marks['protection'] => {
  if (channel === 'mailbox') return 'mailbox';
  return arrival.tls === null ? 'none' : 'tls';
};

/** Of what was written here nothing was to be found out from other servers (RFC 8601 §2.2, `no-result`). */
const resultsOf = ({ channel, arrival, names, mailFrom }: Received): string =>
  channel === 'mailbox'
    ? `${names.receivedBy}; none`
    : authenticationResults(arrival, { ...names, mailFrom }, names.receivedBy);

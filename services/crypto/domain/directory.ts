// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address } from '@securemail/contracts';
import {
  envelopeKind,
  judgeCertificate,
  UnsuitableCertificateError,
  type Certificate,
  type Choosing,
  type EnvelopeKind,
  type Judgement,
  type Signer,
} from '@securemail/smime';

/** A certificate to encrypt for, and who may share an envelope with it; or what stands in the way. */
export type Lookup =
  | { ok: true; certificate: Certificate; envelope: EnvelopeKind }
  | { ok: false; because: 'no-certificate' | Faults };
type Faults = Extract<Judgement, { ok: false }>['because'];

/** A signer, and whether it is the sender's own. */
export interface FoundSigner {
  signer: Signer;
  whose: 'person' | 'organisation';
}

/** Whose certificates and keys there are, at a moment. */
export interface Directory {
  person(address: Address, at: Date): Lookup;
  organisation(domain: string, at: Date): Lookup;
  /** The sender's own key, else the organisation's. */
  signerFor(address: Address, at: Date): FoundSigner | null;
}

/** Everything that was read, organisations by their domain. */
export interface Contents {
  authorities: readonly Certificate[];
  people: readonly Certificate[];
  organisations: ReadonlyMap<string, readonly Certificate[]>;
  signersOfPeople: readonly Signer[];
  signersOfOrganisations: ReadonlyMap<string, readonly Signer[]>;
}

/**
 * Chooses from what was read: of several certificates the one that holds longest of those that hold and can be
 * encrypted for, of several keys the first that holds. People are found by their addresses without regard to case,
 * however many there are.
 *
 * @param choosing how to encrypt for certificates that do not say what their holders read.
 */
export function directoryOf(contents: Contents, choosing: Choosing = {}): Directory {
  const { authorities: trustAnchors, organisations, signersOfOrganisations } = contents;
  // A bundle (.p7b) brings the authorities above its person along; they name nobody.
  const abovePeople = distinct(contents.people.filter(({ authority }) => authority !== null));
  const people = byAddress(contents.people, (certificate) => certificate);
  const signersOfPeople = byAddress(contents.signersOfPeople, ({ certificate }) => certificate);

  const choose = (
    candidates: readonly Certificate[],
    intermediates: readonly Certificate[],
    question: { at: Date } & ({ address: string } | { domain: string }),
  ): Lookup => {
    const judged = candidates.map((certificate): Lookup => {
      const judgement = judgeCertificate(certificate, {
        trustAnchors,
        intermediates,
        purpose: 'encrypt',
        ...question,
      });
      return judgement.ok ? encryptable(certificate, choosing) : { ok: false, because: judgement.because };
    });
    const [newest] = judged
      .filter((lookup) => lookup.ok)
      .toSorted((a, b) => b.certificate.notAfter.getTime() - a.certificate.notAfter.getTime());
    return newest ?? judged[0] ?? { ok: false, because: 'no-certificate' };
  };
  const usable = (
    signers: readonly Signer[],
    question: { at: Date } & ({ address: string } | { domain: string }),
  ): Signer | undefined =>
    signers.find(
      ({ certificate, chain }) =>
        judgeCertificate(certificate, { trustAnchors, intermediates: chain, purpose: 'sign', ...question })
          .ok,
    );
  return {
    person: (address, at) => choose(people.get(address.toLowerCase()) ?? [], abovePeople, { address, at }),
    organisation(domain, at) {
      const bundle = organisations.get(domain) ?? [];
      return choose(bundle, bundle, { domain, at });
    },
    signerFor(address, at) {
      const own = usable(signersOfPeople.get(address.toLowerCase()) ?? [], { address, at });
      if (own !== undefined) return { signer: own, whose: 'person' };
      const domain = domainOf(address);
      const organisation = usable(signersOfOrganisations.get(domain) ?? [], { domain, at });
      return organisation === undefined ? null : { signer: organisation, whose: 'organisation' };
    },
  };
}

/** A certificate may be sound, and its key or all that its holder says he reads still too weak to encrypt for. */
function encryptable(certificate: Certificate, choosing: Choosing): Lookup {
  try {
    return { ok: true, certificate, envelope: envelopeKind({ certificate }, choosing) };
  } catch (error) {
    if (error instanceof UnsuitableCertificateError) return { ok: false, because: 'certificate-unsuitable' };
    throw error;
  }
}

/** Each under every address that its certificate names, in lower case. */
function byAddress<T>(all: readonly T[], certificateOf: (each: T) => Certificate): Map<string, T[]> {
  const index = new Map<string, T[]>();
  for (const each of all) {
    for (const address of new Set(certificateOf(each).emails.map((email) => email.toLowerCase()))) {
      const same = index.get(address);
      if (same === undefined) index.set(address, [each]);
      else same.push(each);
    }
  }
  return index;
}

const distinct = (certificates: readonly Certificate[]): Certificate[] => [
  ...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values(),
];

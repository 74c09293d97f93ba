// SPDX-License-Identifier: Apache-2.0
import { readAddress, readDomain } from '@securemail/contracts';
import { readCertificates, UnreadableCertificateError, type Certificate } from '@securemail/smime';
import { peopleIn, type EntryName } from './entry.ts';

/** One certificate that somebody wants to import, or why it can't be; `place` says where it stands, for a person. */
export type ImportItem =
  | {
      place: string;
      /** Null: for each address that the certificate names. */
      domain: string | null;
      certificate: Certificate;
      chain: readonly Certificate[];
    }
  | { place: string; refused: string };

/** More authorities than stand above anybody, and few enough to be kept with each certificate. */
const MOST_AUTHORITIES = 8;

/** The certificates of a file or an upload, each with the authorities that came along. */
export function itemsOf(certificates: readonly Certificate[], domain: string | null): ImportItem[] {
  const chain = certificates.filter(({ authority }) => authority !== null);
  const others = certificates.filter(({ authority }) => authority === null);
  if (others.length === 0)
    return [
      {
        place: 'the file',
        refused: 'it holds certificates of authorities only, and none of a person or an organisation',
      },
    ];
  return others.map((certificate, index) => {
    const place = `certificate ${index + 1}`;
    if (chain.length > MOST_AUTHORITIES)
      return { place, refused: `more than ${MOST_AUTHORITIES} authorities stand in the same file` };
    return { place, domain, certificate, chain };
  });
}

/** A line of a partner list: which organisation, and its certificate, with the authorities above it where they are given. */
export function itemOfLine(place: string, domain: string, file: Buffer | string): ImportItem {
  let certificates: Certificate[];
  try {
    certificates = readCertificates(file);
  } catch (error) {
    if (!(error instanceof UnreadableCertificateError)) throw error;
    return { place, refused: error.message };
  }
  const [item, another] = itemsOf(certificates, domain);
  if (item === undefined || another !== undefined)
    return { place, refused: 'several certificates stand where one is wanted' };
  return { ...item, place };
}

/** For whom an item is, as names of the directory; or why for nobody. */
export function namesFor(
  item: Pick<Extract<ImportItem, { certificate: Certificate }>, 'domain' | 'certificate'>,
): { ok: true; names: EntryName[] } | { ok: false; refused: string } {
  if (item.domain !== null) {
    const name = readDomain(item.domain);
    return name === null
      ? { ok: false, refused: 'the domain is not a host name with at least two labels' }
      : { ok: true, names: [{ kind: 'organisation', name }] };
  }
  const names = peopleIn(item.certificate).filter((name) => readAddress(name).ok);
  return names.length === 0
    ? { ok: false, refused: 'it names no address of a person: say for which domain it is' }
    : { ok: true, names: names.map((name) => ({ kind: 'person', name })) };
}

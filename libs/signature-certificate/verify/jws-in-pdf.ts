// SPDX-License-Identifier: Apache-2.0
import type { Sha256 } from '@securemail/contracts';
import { digestAround } from '../pdf/digest-around.ts';
import { attachmentsOf } from './attachments-of.ts';
import { LIMITS } from './limits.ts';

export interface FoundJws {
  readonly jws: string;
  /** Of the file around it; null where it does not stand in the file as it was written. */
  readonly pdfSha256: Sha256 | null;
}

/** How the header of every JWS begins: `{"`. */
const START = Buffer.from('eyJ');
const isJwsOctet = (octet: number | undefined) =>
  octet !== undefined &&
  ((octet >= 0x30 && octet <= 0x39) ||
    (octet >= 0x41 && octet <= 0x5a) ||
    (octet >= 0x61 && octet <= 0x7a) ||
    octet === 0x2d ||
    octet === 0x2e ||
    octet === 0x5f);
const JWS = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * What stands in a PDF as we write it. No PDF reader looks at it: nothing that is made to fool or to crash one has an
 * effect, as long as the file is the one that was signed.
 */
export function jwsAsWritten(pdf: Buffer): FoundJws[] {
  const found: FoundJws[] = [];
  for (let at = pdf.indexOf(START); at >= 0 && found.length < LIMITS.jwsInPdf; at = pdf.indexOf(START, at)) {
    let end = at;
    while (isJwsOctet(pdf[end])) end += 1;
    const length = end - at;
    if (length <= LIMITS.jwsCharacters && !isJwsOctet(pdf[at - 1])) {
      const jws = pdf.toString('latin1', at, end);
      if (JWS.test(jws)) found.push({ jws, pdfSha256: digestAround(pdf, at, length) });
    }
    at = end;
  }
  return found;
}

/** What is attached to a PDF that somebody saved anew, and that is not as we wrote it any more. */
export async function jwsAttached(pdf: Buffer): Promise<FoundJws[]> {
  const files = await attachmentsOf(pdf);
  return files
    .filter(({ length }) => length <= LIMITS.jwsCharacters)
    .map((file) => Buffer.from(file).toString('latin1').trim())
    .filter((text) => JWS.test(text))
    .slice(0, LIMITS.jwsInPdf)
    .map((jws) => ({ jws, pdfSha256: null }));
}

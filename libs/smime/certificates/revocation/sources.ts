// SPDX-License-Identifier: Apache-2.0
import { children, contextPrimitive, readDer, readOid } from '../../asn1/der.ts';
import { OID } from '../../asn1/oids.ts';
import type { Certificate } from '../certificate.ts';
import { pointsOf } from './judge-by-crls.ts';

/** Whoever lists a hundred addresses has us ask two of a kind. */
const MAX_ADDRESSES = 2;

export interface RevocationSources {
  readonly ocsp: readonly string[];
  readonly crls: readonly string[];
}

/** Where a certificate says that its issuer tells about it: http and https alone (RFC 5280 §4.2.2.1, §4.2.1.13). @throws DerError */
export function revocationSources(certificate: Certificate): RevocationSources {
  return {
    ocsp: usable(responders(certificate)),
    crls: usable(pointsOf(certificate).flatMap((point) => (point.isIndirect ? [] : point.addresses))),
  };
}

function responders({ extensions }: Certificate): string[] {
  const access = extensions.get(OID.authorityInfoAccess);
  if (access === undefined) return [];
  return children(readDer(access.value)).flatMap((description) => {
    const [method, location] = children(description);
    return method !== undefined && readOid(method) === OID.ocspAccess && location?.tag === contextPrimitive(6)
      ? [location.content.toString('latin1')]
      : [];
  });
}

const usable = (addresses: readonly string[]) =>
  [...new Set(addresses)].filter((each) => /^https?:\/\//i.test(each)).slice(0, MAX_ADDRESSES);

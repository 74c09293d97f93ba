// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address, type Language, type TenantId } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import { namesOrganisation, type Signer } from '@securemail/smime';
import type { Directory } from '../domain/directory.ts';

/** Who certifies, and in which language. */
export interface Certifying {
  organisation: { name: string; domain: string };
  signer: Signer;
  language: Language;
}

/** Why a mail has no Signature certificate: the organisation has no key to sign it with, or wants none. */
export type NobodyCertifies = 'no-signing-key' | 'not-wanted';

/** Or it can't lie beside the content without keeping readers from that. */
export type NoCertificate = NobodyCertifies | 'left-as-it-came';

/** The key of a domain that signs Signature certificates: one that is the organisation's by its certificate, and no person's. */
export function certifierFor(
  directory: Pick<Directory, 'organisationSigner'>,
  domain: string,
  at: Date,
): Signer | null {
  const signer = directory.organisationSigner(domain, at);
  return signer !== null && namesOrganisation(signer.certificate, domain) ? signer : null;
}

/**
 * Who signs the Signature certificates of a mail, by whom of our own it is from or for: the organisation's key for his
 * domain, else for another of its domains. Else why nobody does.
 *
 * Each key is judged once, however many ask: a mail may have thousands of readers.
 */
export function certifiersOf(
  { tenants, policies }: Pick<Platform, 'tenants' | 'policies'>,
  { tenantId, received }: { tenantId: TenantId; received: boolean },
  directory: Pick<Directory, 'organisationSigner'>,
  at: Date,
): (own: Address) => Certifying | NobodyCertifies {
  const tenant = tenants.get(tenantId);
  if (tenant === undefined) return () => 'not-wanted';
  const signers = new Map<string, Signer | null>();
  const signerOf = (domain: string): Signer | null => {
    const known = signers.get(domain);
    if (known !== undefined) return known;
    const signer = certifierFor(directory, domain, at);
    signers.set(domain, signer);
    return signer;
  };
  return (own) => {
    const { signatureCertificates, language } = policies.of(tenant, own);
    if (signatureCertificates === 'never' || (signatureCertificates === 'received' && !received))
      return 'not-wanted';
    for (const domain of new Set([domainOf(own), ...tenant.domains])) {
      const signer = signerOf(domain);
      // Of what is sent, nobody could tell otherwise that the one speaks for the other.
      if (signer === null || !(received || namesOrganisation(signer.certificate, domainOf(own)))) continue;
      return { organisation: { name: tenant.name, domain }, signer, language };
    }
    return 'no-signing-key';
  };
}

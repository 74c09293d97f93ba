// SPDX-License-Identifier: Apache-2.0
import { Address, type TenantId } from '@securemail/contracts';
import type { OpenIdConnectOfTenant } from '@securemail/service';
import { openIdProviders, type OpenIdProviders as Providers } from '@securemail/sign-in';

/** Who says whose an address is. */
export interface OpenIdProviders extends Pick<Providers, 'locationFor'> {
  /**
   * Which address is whose who comes back.
   *
   * @param callback the whole address that the browser was sent back to.
   * @returns null where the provider has not verified it, or did not sign its owner in as strongly as is asked for.
   * @throws where the answer is not one to what this browser asked.
   */
  addressOf(at: Asked, token: string, callback: URL): Promise<{ address: Address; issuer: string } | null>;
}

export interface Asked {
  tenantId: TenantId;
  provider: OpenIdConnectOfTenant;
  /** Where it sends browsers back to. */
  redirectUri: string;
}

export function openProviders(): OpenIdProviders {
  const providers = openIdProviders();
  return {
    locationFor: (at, token) => providers.locationFor(at, token),
    async addressOf(at, token, callback) {
      const said = await providers.claimsOf(at, token, callback, ['email']);
      const address = Address.safeParse(said?.['email']);
      if (said === null || said['email_verified'] !== true || !address.success) return null;
      return { address: address.data, issuer: said.iss };
    },
  };
}

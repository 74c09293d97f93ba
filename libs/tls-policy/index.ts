// SPDX-License-Identifier: Apache-2.0
export { appliedPolicy, type AppliedPolicy, type PolicyFault } from './applied-policy.ts';
export { daneFault, judgeDane, type DaneFault, type DaneQuestion } from './dane/judge-dane.ts';
export { DANE_EE, DANE_TA, describes, PKIX_EE, PKIX_TA, usableSmimea, type Tlsa } from './dane/tlsa.ts';
export { addressesOf } from './dns/addresses.ts';
export type { DnsServer } from './dns/exchange.ts';
export { LookupFailedError, type Answer, type RecordType, type Resolver } from './dns/resolver.ts';
export { systemResolver } from './dns/system-resolver.ts';
export { validatingResolver } from './dns/validating-resolver.ts';
export { responseTo } from './https-response.ts';
export { mailServersOf, type MailServers } from './mail-servers.ts';
export { namesServer } from './server-name.ts';
export { fetchPolicy, type StsPolicy } from './mta-sts/fetch-policy.ts';
export type { StsFault } from './mta-sts/sts-fault.ts';
export { stsPolicies } from './mta-sts/sts-policies.ts';
export {
  routeOf,
  tlsPolicies,
  type DomainTls,
  type HostOfDomain,
  type Pin,
  type RequiredTls,
  type TlsPolicies,
  type TlsPolicyKind,
} from './tls-policies.ts';

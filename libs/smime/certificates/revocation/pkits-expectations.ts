// SPDX-License-Identifier: Apache-2.0
import type { PolicyInputs } from '../path/policy-rules.ts';

const because = (reason: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, reason]));

/**
 * Where we judge otherwise than PKITS. All but one are good there and are not known to be good here, so that `whenUnknown`
 * decides: what we refuse to believe is rare among authorities for mail, and each is one more way to be deceived.
 */
export const DEVIATIONS: Readonly<Record<string, string>> = {
  ...because('a list signed with another key than the certificate is not believed', [
    'ValidBasicSelfIssuedCRLSigningKeyTest6EE',
    'ValidBasicSelfIssuedNewWithOldTest4EE',
    'ValidBasicSelfIssuedOldWithNewTest1EE',
    'ValidDNnameConstraintsTest19EE',
    'ValidSelfIssuedinhibitAnyPolicyTest7EE',
    'ValidSelfIssuedinhibitAnyPolicyTest9EE',
    'ValidSelfIssuedinhibitPolicyMappingTest7EE',
    'ValidSelfIssuedpathLenConstraintTest15EE',
    'ValidSelfIssuedpathLenConstraintTest17EE',
    'ValidSelfIssuedrequireExplicitPolicyTest6EE',
    'ValidSeparateCertificateandCRLKeysTest19EE',
  ]),
  ...because('an indirect list, of somebody who did not issue the certificate, is not believed', [
    'ValidIDPwithindirectCRLTest22EE',
    'ValidIDPwithindirectCRLTest24EE',
    'ValidIDPwithindirectCRLTest25EE',
    'ValidcRLIssuerTest28EE',
    'ValidcRLIssuerTest29EE',
    'ValidcRLIssuerTest30EE',
    'ValidcRLIssuerTest33EE',
  ]),
  ...because('a delta is not used, so the hold that it takes back still stands', ['ValiddeltaCRLTest5EE']),
  ...because('a delta is not used, so what only it revokes is revoked with the next full list', [
    'InvaliddeltaCRLTest4EE',
  ]),
  ...because('signatures of DSA are not known here, and RFC 8550 §4.3 does not ask for them', [
    'ValidDSAParameterInheritanceTest5EE',
    'ValidDSASignaturesTest4EE',
  ]),
};

const P1 = '2.16.840.1.101.3.2.1.48.1';
const P2 = '2.16.840.1.101.3.2.1.48.2';
const P3 = '2.16.840.1.101.3.2.1.48.3';
const P6 = '2.16.840.1.101.3.2.1.48.6';
const explicit = { requireExplicitPolicy: true };
const only = (...initialPolicies: string[]) => ({ initialPolicies });

/** What PKITS §4.8 to §4.12 say of other settings than its default. */
export const WITH_SETTINGS: readonly { name: string; settings: PolicyInputs; valid: boolean }[] = [
  { name: 'ValidCertificatePathTest1EE', settings: explicit, valid: true },
  { name: 'ValidCertificatePathTest1EE', settings: { ...explicit, ...only(P1) }, valid: true },
  { name: 'ValidCertificatePathTest1EE', settings: { ...explicit, ...only(P2) }, valid: false },
  { name: 'ValidCertificatePathTest1EE', settings: { ...explicit, ...only(P1, P2) }, valid: true },
  { name: 'AllCertificatesNoPoliciesTest2EE', settings: {}, valid: true },
  { name: 'AllCertificatesNoPoliciesTest2EE', settings: explicit, valid: false },
  { name: 'DifferentPoliciesTest3EE', settings: {}, valid: true },
  { name: 'DifferentPoliciesTest3EE', settings: explicit, valid: false },
  { name: 'DifferentPoliciesTest3EE', settings: { ...explicit, ...only(P1, P2) }, valid: false },
  { name: 'DifferentPoliciesTest4EE', settings: {}, valid: false },
  { name: 'DifferentPoliciesTest5EE', settings: {}, valid: false },
  { name: 'OverlappingPoliciesTest6EE', settings: {}, valid: true },
  { name: 'OverlappingPoliciesTest6EE', settings: only(P1), valid: true },
  { name: 'OverlappingPoliciesTest6EE', settings: only(P2), valid: false },
  { name: 'DifferentPoliciesTest7EE', settings: {}, valid: false },
  { name: 'DifferentPoliciesTest8EE', settings: {}, valid: false },
  { name: 'DifferentPoliciesTest9EE', settings: {}, valid: false },
  { name: 'AllCertificatesSamePoliciesTest10EE', settings: {}, valid: true },
  { name: 'AllCertificatesSamePoliciesTest10EE', settings: only(P1), valid: true },
  { name: 'AllCertificatesSamePoliciesTest10EE', settings: only(P2), valid: true },
  { name: 'AllCertificatesanyPolicyTest11EE', settings: {}, valid: true },
  { name: 'AllCertificatesanyPolicyTest11EE', settings: only(P1), valid: true },
  { name: 'DifferentPoliciesTest12EE', settings: {}, valid: false },
  { name: 'AllCertificatesSamePoliciesTest13EE', settings: only(P1), valid: true },
  { name: 'AllCertificatesSamePoliciesTest13EE', settings: only(P2), valid: true },
  { name: 'AllCertificatesSamePoliciesTest13EE', settings: only(P3), valid: true },
  { name: 'AnyPolicyTest14EE', settings: only(P1), valid: true },
  { name: 'AnyPolicyTest14EE', settings: only(P2), valid: false },
  { name: 'UserNoticeQualifierTest15EE', settings: {}, valid: true },
  { name: 'UserNoticeQualifierTest18EE', settings: only(P1), valid: true },
  { name: 'UserNoticeQualifierTest18EE', settings: only(P2), valid: true },
  { name: 'CPSPointerQualifierTest20EE', settings: {}, valid: true },
  { name: 'ValidPolicyMappingTest1EE', settings: only(P1), valid: true },
  { name: 'ValidPolicyMappingTest1EE', settings: only(P2), valid: false },
  { name: 'ValidPolicyMappingTest1EE', settings: { inhibitPolicyMapping: true }, valid: false },
  { name: 'ValidPolicyMappingTest3EE', settings: only(P1), valid: false },
  { name: 'ValidPolicyMappingTest3EE', settings: only(P2), valid: true },
  { name: 'ValidPolicyMappingTest5EE', settings: only(P1), valid: true },
  { name: 'ValidPolicyMappingTest5EE', settings: only(P6), valid: false },
  { name: 'ValidPolicyMappingTest6EE', settings: only(P1), valid: true },
  { name: 'ValidPolicyMappingTest6EE', settings: only(P6), valid: false },
  { name: 'inhibitAnyPolicyTest3EE', settings: {}, valid: true },
  { name: 'inhibitAnyPolicyTest3EE', settings: { inhibitAnyPolicy: true }, valid: false },
];

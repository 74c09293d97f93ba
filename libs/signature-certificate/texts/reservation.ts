// SPDX-License-Identifier: Apache-2.0
import type { CertificateFault, LayerProblem, SenderProblem, SignatureProblem } from '@securemail/smime';

/** Why a verdict is not simply `valid`, as a code. Those of `libs/smime`, and what only the gateway knows. */
export type Reservation =
  | SignatureProblem
  | LayerProblem
  | SenderProblem
  | CertificateFault
  | 'certificate-revoked'
  | 'revocation-unknown'
  | 'came-insecurely'
  | 'authentication-failed'
  | 'active-content-neutralised'
  | 'signature-taken-off'
  | 'other-signature-certificate'
  | 'not-at-the-top'
  | 'attached-mail-protected'
  | 'not-opened';

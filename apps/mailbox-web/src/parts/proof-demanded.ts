// SPDX-License-Identifier: Apache-2.0
import { Refusal } from '../api.ts';

/** Whether more is to be proven before it is answered; `proofs` says what. */
export const isProofDemanded = (error: unknown): error is Refusal =>
  error instanceof Refusal && error.kind === 'proof-demanded';

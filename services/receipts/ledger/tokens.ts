// SPDX-License-Identifier: Apache-2.0

/** Injects the LedgerSigner; null where no key is set. */
export const LEDGER_SIGNER = Symbol('LedgerSigner');
/** Injects the Prover. */
export const PROVER = Symbol('Prover');

// SPDX-License-Identifier: Apache-2.0

/** As far as it is used here: not every browser has it, and TypeScript does not know it yet. */
interface TrustedScriptUrlPolicy {
  createScriptURL(url: string): object;
}

// eslint-disable-next-line no-var -- So globals are declared.
declare var trustedTypes:
  | {
      createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): TrustedScriptUrlPolicy;
    }
  | undefined;

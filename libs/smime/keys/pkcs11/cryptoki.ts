// SPDX-License-Identifier: Apache-2.0
/**
 * As much of PKCS#11 (OASIS, version 2.40) as a key in a token needs, by the names of the standard. The types are ours
 * and not those of `pkcs11js`: that package is optional, and all must compile without it.
 */
export const CK = {
  CKF_OS_LOCKING_OK: 0x2,
  CKF_SERIAL_SESSION: 0x4,
  CKU_USER: 1,
  CKO_PRIVATE_KEY: 3,
  CKO_SECRET_KEY: 4,
  CKK_GENERIC_SECRET: 0x10,
  CKA_CLASS: 0x0,
  CKA_TOKEN: 0x1,
  CKA_LABEL: 0x3,
  CKA_VALUE: 0x11,
  CKA_KEY_TYPE: 0x100,
  CKA_ID: 0x102,
  CKA_SENSITIVE: 0x103,
  CKA_MODULUS: 0x120,
  CKA_VALUE_LEN: 0x161,
  CKA_EXTRACTABLE: 0x162,
  CKM_RSA_PKCS: 0x1,
  CKM_RSA_PKCS_OAEP: 0x9,
  CKM_RSA_PKCS_PSS: 0xd,
  CKM_ECDSA: 0x1041,
  CKM_ECDH1_DERIVE: 0x1050,
  /** Of version 3.0. */
  CKM_EDDSA: 0x1057,
  CKD_NULL: 1,
  CKZ_DATA_SPECIFIED: 1,
} as const;

/** Which structure a mechanism's parameter is; numbers of `pkcs11js`. */
export const CK_PARAMS = { RSA_OAEP: 4, RSA_PSS: 5, EC_DH: 6 } as const;

/** By the names that node:crypto has for digests: the mechanism, and its mask generation function. */
export const HASHES: Readonly<Partial<Record<string, { mechanism: number; mgf: number }>>> = {
  sha1: { mechanism: 0x220, mgf: 1 },
  sha224: { mechanism: 0x255, mgf: 5 },
  sha256: { mechanism: 0x250, mgf: 2 },
  sha384: { mechanism: 0x260, mgf: 3 },
  sha512: { mechanism: 0x270, mgf: 4 },
};

/** A CK_ULONG as it lies in memory. */
export type Handle = Buffer;
export interface Mechanism {
  readonly mechanism: number;
  readonly parameter?: Buffer | ({ readonly type: number } & Readonly<Record<string, unknown>>);
}
export interface Attribute {
  readonly type: number;
  readonly value?: number | boolean | string | Buffer;
}

/** The functions of PKCS#11; those that end in Async run beside the main thread. All throw what {@link codeOf} reads. */
export interface Cryptoki {
  load(path: string): void;
  C_Initialize(options: { flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { label: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_GetSessionInfo(session: Handle): unknown;
  C_Login(session: Handle, user: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: readonly Attribute[],
  ): { readonly value: Buffer }[];
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_SignAsync(session: Handle, data: Buffer, out: Buffer): Promise<Buffer>;
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_DecryptAsync(session: Handle, data: Buffer, out: Buffer): Promise<Buffer>;
  C_DeriveKeyAsync(
    session: Handle,
    mechanism: Mechanism,
    key: Handle,
    template: readonly Attribute[],
  ): Promise<Handle>;
  C_DestroyObject(session: Handle, object: Handle): void;
}

/** The name of what went wrong, such as CKR_PIN_INCORRECT; null where it was not PKCS#11 that said no. */
export const codeOf = (thrown: unknown): string | null =>
  thrown instanceof Error ? (/\bCKR_[A-Z0-9_]+/.exec(thrown.message)?.[0] ?? null) : null;

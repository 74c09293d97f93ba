// SPDX-License-Identifier: Apache-2.0
export { cryptoApi } from './http/openapi.ts';
export { openReceived } from './opening.ts';
export { startCrypto } from './service.ts';
export { CryptoSettings } from './settings.ts';
export { changeFor, type SettingsOf } from './admin-settings.ts';
export { choosingOf, Settings as CryptoServiceSettings } from './settings.ts';
export {
  checkName,
  showCertificate,
  type CertificatesOf,
  type CertificateView,
  type CheckedName,
  type EntryView,
} from './certificates.ts';
export { askImported } from './adapters/ask-revocation.ts';
export { importCertificates, type ImportOutcome } from './importing.ts';
export { listEntries, type Position } from './listing.ts';
export { removeEntries, type Change } from './adapters/certificate-changes.ts';
export { readCertificateFolder } from './adapters/certificate-folder.ts';
export { readingOnce } from './adapters/reading.ts';
export {
  IMPORT_FORMATS,
  readImportFile,
  readPasswordFile,
  type ImportFormat,
} from './adapters/import-file.ts';
export { CERTIFICATE_STATES, type CertificateState } from './domain/certificate-state.ts';
export { ENTRY_KINDS, nameFrom, SOURCES, type EntryKind, type Source } from './domain/entry.ts';
export { readAuthority } from './adapters/internal-authority.ts';
export { listKeys, type KeyView } from './key-list.ts';
export {
  importKey,
  issueKey,
  KeyRefusedError,
  ownName,
  requestKey,
  retireKey,
  type KeysOf,
  type KeyTaken,
} from './own-keys.ts';
export { ldapDirectories } from './adapters/ldap-directory.ts';
export { smimeaRecords } from './adapters/smimea-records.ts';
export { heldApi } from './http/held.openapi.ts';
export { settingsApi } from './http/settings.openapi.ts';
export { recipientsApi } from './http/recipients.openapi.ts';

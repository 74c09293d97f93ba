// SPDX-License-Identifier: Apache-2.0

/** Injects the ConsoleSettings. */
export const CONSOLE_SETTINGS = Symbol('ConsoleSettings');
/** Injects the OpenIdProviders. */
export const OPENID_PROVIDERS = Symbol('OpenIdProviders');
/** Injects the {@link DigestOf} by which emails are found. */
export const FIND_KEYS = Symbol('FindKeys');
/** Injects the folder of the pages, as the build lays them. */
export const CONSOLE_PAGES = Symbol('ConsolePages');

// SPDX-License-Identifier: Apache-2.0

/** Injects the service's {@link Platform}. */
export const PLATFORM = Symbol('Platform');

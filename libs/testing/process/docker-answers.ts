// SPDX-License-Identifier: Apache-2.0
/** True where a Docker engine (or one that speaks its API) answers, not merely where the command is installed. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false; // No engine; or testcontainers is not installed, as in a production image.
  }
}

// SPDX-License-Identifier: Apache-2.0
const VERSION = '1.87';
const SHA256 = {
  bcpkix: 'a44be2660d72ed88673372b8cc2d53a25a5aaf27122fb803ed93f07147536aa1',
  bcprov: '12d2d3dd82a9ec15e92ec7c7943ee64f6097c6dc12c07e984f1693b77565b9aa',
  bcutil: 'af46dd381553fdc466cd0c18f8bf2144c7dbcb7337eee3e16cab15e96613ddf0',
};

/** Version 1.84 did not open X25519 with HKDF (RFC 8418); this one does. */
export const BOUNCY_CASTLE = {
  name: 'BouncyCastle',
  version: VERSION,
  jars: [
    ...Object.entries(SHA256).map(([name, sha256]) => ({
      path: `org/bouncycastle/${name}-jdk18on/${VERSION}/${name}-jdk18on-${VERSION}.jar`,
      sha256,
    })),
    // A Java compiler, as a Java that is only a runtime has none.
    {
      path: 'org/eclipse/jdt/ecj/3.38.0/ecj-3.38.0.jar',
      sha256: '97c566b120009c203a2fc8b291f4a9adbc171cf1ccb70f06f6b4e1828c00ce8e',
    },
  ],
};

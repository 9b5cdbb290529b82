/// <reference lib="dom" />

/** A connection of a page. */
export interface PagePeer {
  peer: RTCPeerConnection;
  close(): void;
}

/**
 * A connection that is closed with its page: so the panel hears of it at once. A tab that is closed has no time to ask
 * for anything, and says nothing by itself.
 */
export function pagePeer(): PagePeer {
  const peer = new RTCPeerConnection();
  const close = () => {
    removeEventListener("pagehide", close);
    peer.close();
  };
  addEventListener("pagehide", close);
  return { peer, close };
}

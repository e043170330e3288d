import { isIP } from 'node:net';
import type { RequestHead } from './request-head.js';

/**
 * Keeps web pages away from the endpoint. A page of another site can make a browser send requests to 127.0.0.1;
 * one that rebinds its own name to 127.0.0.1 (DNS rebinding) even counts as the same origin, which is why the
 * Host header is checked as well. https://fetch.spec.whatwg.org/#origin-header
 */
export class OriginGuard {
  readonly #ownHosts: ReadonlySet<string>;
  #acceptedHost: string | undefined;

  /** @param ownHosts Names, besides IP addresses and localhost, that clients may address the endpoint by. */
  constructor(ownHosts: readonly string[] = []) {
    this.#ownHosts = new Set(ownHosts.map((host) => host.toLowerCase()));
  }

  /** Why the request is refused, or undefined when it is welcome. */
  refusal(head: RequestHead): string | undefined {
    if (head.host !== this.#acceptedHost) {
      if (head.host === undefined) return 'the request has no Host header';
      const name = hostName(head.host);
      if (!this.#isOwn(name)) return `this endpoint is not known as "${name}"`;
      this.#acceptedHost = head.host;
    }
    // https://www.w3.org/TR/fetch-metadata/: "none" is a person who typed the address; "same-site" another port.
    if (head.fetchSite === 'cross-site' || head.fetchSite === 'same-site') {
      return 'requests from web pages of other origins are refused';
    }
    if (head.origin !== undefined && !isSameOrigin(head.origin, head.host ?? '')) {
      return `requests from web pages of ${head.origin} are refused`;
    }
    return undefined;
  }

  #isOwn(name: string): boolean {
    if (isIP(name) !== 0 || isLocalName(name)) return true;
    if (this.#ownHosts.has(name)) return true;
    // bucket.s3.name and bucket.name, S3's virtual-host style.
    for (const own of this.#ownHosts) if (name.endsWith(`.${own}`)) return true;
    return false;
  }
}

/** Also a page on another port of this machine is another origin. */
function isSameOrigin(origin: string, host: string): boolean {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1]?.toLowerCase() === host.toLowerCase();
}

function isLocalName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/** `Name:123` → `name`, `[::1]:123` → `::1`. */
export function hostName(host: string): string {
  const match = /^\[([^\]]*)\]|^([^:]*)/.exec(host.toLowerCase());
  return match?.[1] ?? match?.[2] ?? '';
}

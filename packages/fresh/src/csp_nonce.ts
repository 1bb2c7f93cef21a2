const NONCES = new WeakMap<Response, string>();

/** Keeps a page's nonce for `csp()`, outside the response's headers. */
export function rememberNonce(response: Response, nonce: string): void {
  NONCES.set(response, nonce);
}

export function nonceOf(response: Response): string | undefined {
  return NONCES.get(response);
}

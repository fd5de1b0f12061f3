/** A dedicated worker as it sees itself; the types that TypeScript has beside it are a page's. */

export interface WorkerScope {
  readonly location: { readonly href: string };
  postMessage(message: unknown): void;
  addEventListener(
    kind: 'message' | 'messageerror',
    listener: (event: MessageEvent<unknown>) => void,
    options?: { once: boolean },
  ): void;
}

/** To be called in a worker. */
export function workerScope(): WorkerScope {
  return globalThis;
}

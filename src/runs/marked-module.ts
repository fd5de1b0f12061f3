/** A WebAssembly module under another name. */

/**
 * The same module with code of its own: V8 shares the code of modules with the same bytes, compiled with whatever
 * switches held. A custom section changes the bytes and nothing else.
 */
export function markedModule(bytes: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  const letters = new TextEncoder().encode(name);
  const marked = new Uint8Array(bytes.length + 3 + letters.length);
  marked.set(bytes);
  marked.set([0, letters.length + 1, letters.length], bytes.length);
  marked.set(letters, bytes.length + 3);
  return marked;
}

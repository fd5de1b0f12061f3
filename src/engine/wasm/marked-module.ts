/**
 * Marks on a compiled module: custom sections, which travel with it wherever it goes (worker threads too) and change
 * nothing that it computes.
 */

/** The engine takes tiles of 4 rows where it finds this mark (assembly/matmul.ts): the same numbers, another speed. */
export const tallTilesMark = 'tall tiles';

/**
 * The same module with a mark, and with code of its own: V8 shares the code of modules with the same bytes, compiled with
 * whatever switches held.
 */
export function markedModule(bytes: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  const letters = new TextEncoder().encode(name);
  const marked = new Uint8Array(bytes.length + 3 + letters.length);
  marked.set(bytes);
  marked.set([0, letters.length + 1, letters.length], bytes.length);
  marked.set(letters, bytes.length + 3);
  return marked;
}

export function hasMark(module: WebAssembly.Module, name: string): boolean {
  return WebAssembly.Module.customSections(module, name).length > 0;
}

/** Where a file that is started as a worker thread lies: TypeScript in a checkout, JavaScript in a package. */

/** @param name without its ending. @param from `import.meta.url` of its neighbour */
export function workerFile(name: string, from: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
}

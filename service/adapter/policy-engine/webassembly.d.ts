/** The names of WebAssembly that are used here; the library `dom`, which has them all, is for browsers. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module'
  }
  interface Memory {
    readonly buffer: ArrayBuffer
  }
  function compile(bytes: Uint8Array): Promise<Module>
  let instantiate: (
    module: Module,
    imports: { readonly env: Readonly<Record<string, unknown>> },
  ) => Promise<unknown>
}

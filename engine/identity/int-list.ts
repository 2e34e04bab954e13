/** A growing list of 32-bit integers in one flat buffer: millions of entries at four bytes each. */
export type IntList = {
  push: (value: number) => void
  length: () => number
  /** A view on what was pushed; later pushes may leave it behind. */
  view: () => Int32Array
}

export const createIntList = (): IntList => {
  let buffer = new Int32Array(1_024)
  let length = 0
  const grow = (): void => {
    const larger = new Int32Array(buffer.length * 2)
    larger.set(buffer)
    buffer = larger
  }
  return {
    push: (value) => {
      if (length === buffer.length) grow()
      buffer[length++] = value
    },
    length: () => length,
    view: () => buffer.subarray(0, length),
  }
}

/** A formula cannot be read, or the values of a record do not suit it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

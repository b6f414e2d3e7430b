/** One line of RESULTS.md. */
export interface Row {
  readonly what: string
  readonly budget: string
  /** The measured ratio, with its spread. */
  readonly measured: string
  readonly met: boolean
  /** How it was measured, in a sentence. */
  readonly how: string
}

/** One way in which a request or a reply breaks the contract. */
export interface Violation {
  readonly in: ViolatedPart
  /** A JSON Pointer into that part, or the name of the header; `''` for the whole part. */
  readonly pointer: string
  readonly message: string
}

export type ViolatedPart =
  | 'body'
  | 'query'
  | 'path'
  | 'header'
  | 'cookie'
  /** The content type is missing or not one of the documented ones. */
  | 'media-type'
  /** Of replies only: the document does not name the status. */
  | 'status'

export const violation = (part: ViolatedPart, pointer: string, message: string): Violation => ({
  in: part,
  pointer,
  message,
})

/**
 * What a schema says against a value, as a tree: causes lie below the keyword that combines them. Its texts and pointers
 * are those of Ory's validator (admin-keto-projects §1.8, kratos-login-registration-sessions §1.5).
 */
export interface ValidationError {
  readonly message: string
  /** `#`, `#/traits/email` … */
  readonly instancePtr: string
  readonly schemaPtr: string
  /** Pointers to the missing properties, when that is what is wrong. */
  readonly missing?: readonly string[]
  readonly causes: readonly ValidationError[]
}

/** Thrown where a value does not satisfy its schema. `message` is the whole tree, as the admin API prints it. */
export class InvalidError extends Error {
  readonly error: ValidationError

  constructor(error: ValidationError) {
    super(formatValidationError(error))
    this.error = error
  }
}

/** `I[#/traits/age] S[#/properties/traits/properties/age/maximum] must be <= 120 but found 121`, causes indented below. */
export function formatValidationError(error: ValidationError): string {
  const lines = [`I[${error.instancePtr}] S[${error.schemaPtr}] ${error.message}`]
  for (const cause of error.causes) {
    for (const line of formatValidationError(cause).split('\n')) lines.push(`  ${line}`)
  }
  return lines.join('\n')
}

/** The errors that have no causes, in order: what a form shows. */
export function leavesOf(error: ValidationError): readonly ValidationError[] {
  return error.causes.length === 0 || error.missing !== undefined ? [error] : error.causes.flatMap(leavesOf)
}

/**
 * `#/traits/name/first` → `traits.name.first`, the name of the node it belongs to; a dot within a key is escaped. Pointers
 * to the whole document stay as they are (`#`), and `#/` is `''`.
 */
export function dotNotation(ptr: string): string {
  if (!ptr.startsWith('#/')) return ptr
  return ptr
    .slice(2)
    .split('/')
    .map((token) => percentDecode(token.replaceAll('~1', '/').replaceAll('~0', '~')).replaceAll('.', '\\.'))
    .join('.')
}

function percentDecode(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}

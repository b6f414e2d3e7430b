import type { Json } from '../json.ts'
import type { OperationId } from '../simulation/switches/operation-ids.ts'
import type { CallPattern, StatusPattern } from '../verdict/assertion/expectation.ts'

/**
 * What a value is like: objects may have other members too, texts may be given as regular expressions. Matchers of
 * Vitest's and Jest's `expect` are taken too: `any`, `anything`, `stringContaining`, `stringMatching`,
 * `objectContaining`, `arrayContaining`, and their `not`.
 */
export type ValueLike =
  | null
  | boolean
  | number
  | string
  | RegExp
  | readonly ValueLike[]
  | { readonly [name: string]: ValueLike | undefined }

/** What a call is like; what is not named is not looked at. */
export interface CallLike {
  readonly operation?: OperationId
  readonly method?: string
  /** Without query and sandbox. */
  readonly path?: string | RegExp
  /** `200`, `'4xx'`, or a list of such. */
  readonly status?: StatusPattern | readonly StatusPattern[]
  readonly query?: { readonly [name: string]: ValueLike | undefined }
  /** Names in any case. */
  readonly headers?: { readonly [name: string]: ValueLike | undefined }
  /** Of a form, its fields; a dotted name is a member of a member. */
  readonly body?: ValueLike
  readonly response?: {
    readonly headers?: { readonly [name: string]: ValueLike | undefined }
    readonly body?: ValueLike
  }
  /** Switches that met the call. */
  readonly switches?: readonly string[]
}

/** The same as JSON. @throws TypeError when a matcher cannot be told the server */
export function patternOf(call: OperationId | CallLike): CallPattern {
  if (typeof call === 'string') return { operation: call }
  return asJson(call as ValueLike) as CallPattern
}

function asJson(value: ValueLike | undefined): Json {
  if (value === undefined) return null
  if (value instanceof RegExp) return { $regex: value.source, $flags: value.flags.replace(/[gy]/g, '') }
  if (typeof value !== 'object' || value === null) return value
  if (isAsymmetric(value)) return ofMatcher(value)
  if (Array.isArray(value)) return value.map((each: ValueLike) => asJson(each))
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(entries.map(([name, each]) => [name, asJson(each)]))
}

/** A matcher of `expect`, as Vitest and Jest make them. */
interface Asymmetric {
  readonly asymmetricMatch: (other: unknown) => boolean
  readonly sample?: unknown
  readonly inverse?: boolean
  readonly toString: () => string
}

function isAsymmetric(value: object): value is Asymmetric {
  return 'asymmetricMatch' in value && typeof value.asymmetricMatch === 'function'
}

function ofMatcher(matcher: Asymmetric): Json {
  const name = matcher.toString().replace('Not', '')
  const like = Object.hasOwn(LIKE, name) ? LIKE[name]?.(matcher.sample) : undefined
  if (like === undefined) {
    throw new TypeError(
      `The journal is judged by the server, which knows no ${name}. Use a value, a regular expression, any, anything, stringContaining, stringMatching, objectContaining or arrayContaining.`,
    )
  }
  return matcher.inverse ? { $not: like } : like
}

const LIKE: Readonly<Record<string, (sample: unknown) => Json | undefined>> = {
  Anything: () => ({ $all: [{ $present: true }, { $not: { $type: 'null' } }] }),
  Any: (sample) => {
    const type = new Map<unknown, string>([
      [String, 'string'],
      [Number, 'number'],
      [Boolean, 'boolean'],
      [Array, 'array'],
      [Object, 'object'],
    ]).get(sample)
    return type === undefined ? undefined : { $type: type }
  },
  StringContaining: (sample) => ({ $contains: String(sample) }),
  StringMatching: (sample) => asJson(sample instanceof RegExp ? sample : new RegExp(String(sample))),
  ObjectContaining: (sample) => asJson(sample as ValueLike),
  ArrayContaining: (sample) => ({
    $all: (sample as readonly ValueLike[]).map((each) => ({ $contains: asJson(each) })),
  }),
}
